import { request } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NUMBER, openSocket, PHONE, standIn, stopAll } from "./stand-in.ts";

let up: Awaited<ReturnType<typeof standIn>>;
let bearer: string | undefined;
let participantToken: string | undefined;
let contactId: string;
beforeAll(async () => {
  up = await standIn();
  const chat = await up.chat();
  bearer = chat.token;
  participantToken = chat.participantToken;
  contactId = chat.contactId;
});
afterAll(stopAll);

type Target = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: object;
};
const json = { "content-type": "application/json" };
const rpc = (target: string) => ({
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": target,
});
const rest = (
  method: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Target => ({
  method,
  path,
  body,
  headers: { ...json, ...headers },
});

// Every target has a text that its operation reads, as `text`.
const targets = (text: unknown): Target[] => [
  rest("PUT", "/contact/chat", {
    InstanceId: "11111111-2222-3333-4444-555555555555",
    ContactFlowId: "sms-chat",
    ParticipantDetails: { DisplayName: text },
  }),
  rest(
    "POST",
    "/participant/connection",
    { Type: [text] },
    { "x-amz-bearer": participantToken ?? "" },
  ),
  rest(
    "POST",
    "/participant/message",
    { ContentType: "text/plain", Content: text },
    { "x-amz-bearer": bearer ?? "" },
  ),
  rest("POST", "/participant/event", { ContentType: text }, { "x-amz-bearer": bearer ?? "" }),
  rest("POST", "/participant/transcript", { NextToken: text }, { "x-amz-bearer": bearer ?? "" }),
  rest("POST", "/v1/apps/app/messages", {
    Addresses: { [PHONE]: { ChannelType: "SMS" } },
    MessageConfiguration: { SMSMessage: { Body: text, OriginationNumber: NUMBER } },
  }),
  rest("POST", "/bots/ABCDEFGHIJ/botAliases/TSTALIASID/botLocales/en_US/sessions/one/text", {
    text,
  }),
  rest("POST", "/bot/Faq/alias/live/user/one/text", { inputText: text }),
  rest(
    "POST",
    "/",
    { DestinationPhoneNumber: PHONE, MessageBody: text },
    rpc("PinpointSMSVoiceV2.SendTextMessage"),
  ),
  rest("POST", "/", { QueueUrl: "sms-inbound", MessageBody: text }, rpc("AmazonSQS.SendMessage")),
  rest(
    "POST",
    "/",
    { QueueUrl: "sms-inbound", ReceiptHandle: text },
    rpc("AmazonSQS.DeleteMessage"),
  ),
  rest("POST", `/_sim/phones/${PHONE}/texts`, { text }),
  rest("POST", `/_sim/contacts/${contactId}/messages`, { text }),
  rest("POST", "/_sim/agents/maria", { state: text }),
  rest("POST", "/_sim/calls", { from: text }),
  rest("POST", "/_sim/faults", { fail: text }),
  rest("PUT", "/_sim/functions/f", { url: text }),
];

const knock = ({ method, path, headers }: Target, body: string | Buffer) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(`${up.url}${path}`, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });

const spoilt = fc.oneof(
  // Cut off in the middle.
  fc.nat({ max: 1_000 }).map((at) => (text: string) => text.slice(0, 1 + (at % (text.length - 1)))),
  // Other types than a text.
  fc
    .constantFrom("{}", "[]", "true", "12.5", '{"a":[1]}', "[[[]]]")
    .map((value) => (text: string) => text.replace('"PLACE"', value)),
  // Characters that no service takes.
  fc
    .constantFrom("\\u0000", "\\u0007", "\\b", "\\u001f", "\\ud800", "\\udc00x", "\\ud83dx\\ude00")
    .map((value) => (text: string) => text.replace("PLACE", `a${value}b`)),
  fc
    .constantFrom("\u0000", "\u0001", "\n")
    .map((raw) => (text: string) => text.replace("PLACE", raw)),
  fc.constant((text: string) =>
    Buffer.concat([
      Buffer.from(text.slice(0, -3)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(text.slice(-3)),
    ]),
  ),
);

describe("the doors", () => {
  it("answer 1,000 malformed requests with a clear refusal each", async () => {
    const all = targets("PLACE");
    const one = fc.tuple(fc.nat({ max: all.length - 1 }), spoilt);
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 20, maxLength: 20 }), async (batch) => {
        await Promise.all(
          batch.map(async ([which, spoil]) => {
            const target = all[which] as Target;
            const answer = await knock(target, spoil(JSON.stringify(target.body)));
            const what = `${target.path} ${answer.status} ${answer.body}`;
            expect(answer.status, what).toBeGreaterThanOrEqual(400);
            expect(answer.status, what).toBeLessThan(500);
            const said = JSON.parse(answer.body);
            expect(said.error ?? said.Message ?? said.message, what).toEqual(expect.any(String));
          }),
        );
      }),
      { numRuns: 50 },
    );
    expect((await up.door("GET", "/health")).body).toEqual({ ok: true });
  });

  it("answer 413 to a body of two megabytes", async () => {
    for (const target of targets("x".repeat(2_000_000)))
      expect((await knock(target, JSON.stringify(target.body))).status).toBe(413);
  });

  it("name the fix, and what there is instead", async () => {
    expect(await up.door("GET", "/nothing")).toEqual({
      status: 404,
      body: { error: expect.any(String), fix: expect.stringContaining("POST /_sim/calls") },
    });
    expect(await up.door("DELETE", "/contacts")).toMatchObject({ status: 405 });
    expect(await up.door("POST", `/phones/${PHONE}/texts`, { text: "hi", txt: "hi" })).toEqual({
      status: 400,
      body: { error: expect.stringContaining("txt"), fix: expect.any(String) },
    });
    expect(
      await up.door("POST", "/phones/12/texts", { text: "hi", to: "+19995550100" }),
    ).toMatchObject({
      status: 400,
    });
    expect(await up.door("POST", "/contacts/nope/end")).toMatchObject({ status: 404 });
    expect(await up.door("POST", `/contacts/${contactId}/end`)).toMatchObject({ status: 409 });
    expect((await knock(rest("POST", "/", {}, rpc("AmazonSQS.Nope")), "{}")).status).toBe(400);
    expect((await knock(rest("GET", "/nowhere", {}), "")).status).toBe(404);
  });

  it("survive what is not HTTP", async () => {
    for (const noise of [
      "\u0000\u0001\u0002\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "PRI * HTTP/2.0\r\nnonsense",
      "GET /%zz HTTP/1.1\r\nhost: x\r\n\r\n",
    ]) {
      const socket = connect(up.up.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.end(noise);
      await new Promise((resolve) => socket.once("close", resolve).resume());
    }
    expect((await up.door("GET", "/health")).body).toEqual({ ok: true });
  });
});

describe("the socket", () => {
  it("goes on after frames that nobody understands", async () => {
    const url = (await up.credentials(participantToken)).Websocket?.Url ?? "";
    const socket = await openSocket(url);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (frame) => {
        socket.socket.send(frame);
      }),
      { numRuns: 300 },
    );
    socket.socket.send('{"topic":"aws/heartbeat"}');
    await socket.until(() => socket.frames.some(({ topic }) => topic === "aws/heartbeat"));
  });

  it.each([
    ["too large a frame", "x".repeat(200_000), 1009],
    ["bytes", Buffer.from([1, 2, 3]), 1003],
  ])("closes on %s", async (_, frame, code) => {
    const url = (await up.credentials(participantToken)).Websocket?.Url ?? "";
    const socket = await openSocket(url);
    socket.socket.send(frame);
    expect(await socket.closed()).toMatchObject({ code });
  });
});
