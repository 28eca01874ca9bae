import {
  CreateParticipantConnectionCommand,
  GetTranscriptCommand,
} from "@aws-sdk/client-connectparticipant";
import { RecognizeTextCommand } from "@aws-sdk/client-lex-runtime-v2";
import { SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually, openSocket, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

afterEach(async () => {
  vi.useRealTimers();
  await stopAll();
});

type Up = Awaited<ReturnType<typeof standIn>>;
const newUrl = async (up: Up, token: string | undefined) =>
  (await up.credentials(token)).Websocket?.Url ?? "";
const transcript = (up: Up, ConnectionToken: string | undefined) =>
  up.participant.send(new GetTranscriptCommand({ ConnectionToken }));

describe("a socket", () => {
  it("answers heartbeats and pings, and knows one topic", async () => {
    const up = await standIn();
    const { socket } = await up.chat();
    socket.socket.send('{"topic":"aws/heartbeat"}');
    socket.socket.send('{"topic":"aws/ping"}');
    socket.socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/weather"]}}');
    await socket.until(() => JSON.stringify(socket.frames).includes("failure"));
    expect(socket.frames).toContainEqual({ topic: "aws/heartbeat" });
    expect(socket.frames).toContainEqual({
      topic: "aws/ping",
      statusCode: 200,
      statusContent: "OK",
    });
    const chat = socket.frames.find(({ topic }) => topic === "aws/chat");
    expect(chat).toEqual({
      topic: "aws/chat",
      contentType: "application/json",
      content: expect.any(String),
    });
  });

  it("is forbidden with an address that is not ours, or is too old", async () => {
    const up = await standIn();
    const { ParticipantToken } = await up.startChat();
    const good = await newUrl(up, ParticipantToken);
    for (const url of [good.slice(0, -3), `${up.url.replace("http", "ws")}/elsewhere`]) {
      const socket = await openSocket(url, false);
      await socket.closed();
      expect(socket.frames).toEqual([
        { message: "Forbidden", connectionId: expect.any(String), requestId: expect.any(String) },
      ]);
    }
    const hasty = await standIn({ speed: 200 });
    const late = await newUrl(hasty, (await hasty.chat()).participantToken);
    await eventually(
      async () => Date.now(),
      (now) => now > expiryOf(late),
    );
    const socket = await openSocket(late, false);
    expect(await socket.closed()).toEqual({ code: 1008, reason: "Forbidden" });
  });

  it("is one of at most five", async () => {
    const up = await standIn();
    const { participantToken } = await up.chat();
    for (let n = 2; n <= 5; n++) await openSocket(await newUrl(up, participantToken));
    const sixth = await openSocket(await newUrl(up, participantToken), false);
    expect(await sixth.closed()).toMatchObject({ code: 1008 });
    expect((await up.door("GET", "/contacts")).body[0].openSockets).toBe(5);
  });

  it("ends with its hour, and the chat goes on over the next one", async () => {
    const up = await standIn({ speed: 3_600 });
    const { socket, participantToken } = await up.chat();
    expect(await socket.closed()).toMatchObject({ code: 1001 });
    const next = await openSocket(await newUrl(up, participantToken));
    await next.item("##QUEUE##");
  });

  it("is closed when nothing is heard from it for ten minutes", async () => {
    const up = await standIn({ speed: 2_000 });
    const { socket } = await up.chat();
    expect(await socket.closed()).toMatchObject({ code: 1001 });
  });

  it("breaks without a word when the faults drop it", async () => {
    const up = await standIn();
    const { socket } = await up.chat();
    await up.door("POST", "/faults", { dropSockets: true });
    expect(await socket.closed()).toMatchObject({ code: 1006 });
  });

  it("says things twice and swapped when the faults say so", async () => {
    const up = await standIn();
    const { socket, send } = await up.chat();
    await socket.item("##QUEUE##");
    await up.door("POST", "/faults", { duplicate: true, reorder: true });
    await send("first");
    await send("second");
    const heard = () => socket.items.flatMap(({ Content }) => Content ?? []).slice(1);
    await socket.until(() => heard().length === 4);
    expect(heard()).toEqual(["second", "second", "first", "first"]);
  });
});

describe("a chat's time", () => {
  it("is over when nobody connects", async () => {
    const up = await standIn({ speed: 10_000 });
    const { ParticipantToken } = await up.startChat();
    await eventually(
      () => up.door("GET", "/contacts"),
      ({ body }) => body[0].state === "ended",
    );
    expect((await thrown(newUrl(up, ParticipantToken))).name).toBe("AccessDeniedException");
  });

  it("is over after its duration, whoever is talking", async () => {
    const up = await standIn({ speed: 3_600 });
    await up.chat({ ChatDurationInMinutes: 60 });
    await eventually(
      () => up.door("GET", "/contacts"),
      ({ body }) => body[0].state === "ended",
    );
  });

  it("ends for a ConnectionToken after a day, and for a ParticipantToken never", async () => {
    const up = await standIn();
    const { token, participantToken } = await up.chat({ ChatDurationInMinutes: 10_080 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 });
    expect((await thrown(transcript(up, token))).name).toBe("AccessDeniedException");
    await up.participant.send(
      new CreateParticipantConnectionCommand({
        ParticipantToken: participantToken,
        Type: ["CONNECTION_CREDENTIALS"],
      }),
    );
  });
});

describe("a fault", () => {
  it("expires tokens until they are fetched anew", async () => {
    const up = await standIn();
    const { token, participantToken } = await up.chat();
    await up.door("POST", "/faults", { expireTokens: true });
    expect((await thrown(transcript(up, token))).name).toBe("AccessDeniedException");
    const fresh = await up.credentials(participantToken);
    await transcript(up, fresh.ConnectionCredentials?.ConnectionToken);
  });

  it("throttles everything until it is taken back", async () => {
    const up = await standIn();
    await up.door("POST", "/faults", { throttle: true });
    expect((await thrown(up.startChat())).name).toBe("TooManyRequestsException");
    expect((await thrown(up.take("sms-inbound", 0))).name).toBe("RequestThrottled");
    await up.door("DELETE", "/faults");
    await up.startChat();
  });

  it("fails an operation so many times, in the words of its service", async () => {
    const up = await standIn();
    const send = () =>
      up.sms.send(new SendTextMessageCommand({ DestinationPhoneNumber: PHONE, MessageBody: "hi" }));
    const fail = (error: string) =>
      up.door("POST", "/faults", { fail: { operation: "SendTextMessage", error, times: 1 } });
    await fail("MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT");
    expect(await thrown(send())).toMatchObject({ Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT" });
    await fail("InternalServerException");
    expect((await thrown(send())).$fault).toBe("server");
    await fail("reset-before");
    expect((await thrown(send())).code).toBe("ECONNRESET");
    expect((await up.door("GET", `/phones/${PHONE}/texts`)).body).toEqual([]);
    await fail("reset-after");
    expect((await thrown(send())).code).toBe("ECONNRESET");
    expect((await up.door("GET", `/phones/${PHONE}/texts`)).body).toHaveLength(1);
    await send();
    expect(await fail("NoSuchError")).toMatchObject({
      status: 400,
      body: { fix: expect.any(String) },
    });
  });

  it("does what was asked and never answers, for timeout", async () => {
    const up = await standIn();
    await up.door("POST", "/faults", {
      fail: { operation: "SendTextMessage", error: "timeout", times: 1 },
    });
    const gaveUp = new AbortController();
    const sending = thrown(
      up.sms.send(
        new SendTextMessageCommand({ DestinationPhoneNumber: PHONE, MessageBody: "hi" }),
        {
          abortSignal: gaveUp.signal,
        },
      ),
    );
    await eventually(
      () => up.door("GET", `/phones/${PHONE}/texts`),
      ({ body }) => body.length === 1,
    );
    gaveUp.abort();
    expect((await sending).name).toBe("AbortError");
  });

  it("slows calls down, so that a bot's session is found in use", async () => {
    const up = await standIn();
    await up.door("POST", "/faults", { delayMs: 300 });
    const ask = () =>
      up.lexV2.send(
        new RecognizeTextCommand({
          botId: "ABCDEFGHIJ",
          botAliasId: "TSTALIASID",
          localeId: "en_US",
          sessionId: "one",
          text: "hi",
        }),
      );
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    expect([first?.status, second?.status].sort()).toEqual(["fulfilled", "rejected"]);
    const refusal = [first, second].find((each) => each?.status === "rejected");
    expect(refusal).toMatchObject({ reason: { name: "ConflictException" } });
  });
});

describe("a quota", () => {
  it("counts requests in a burst, and SendMessage with SendEvent", async () => {
    const up = await standIn({ quotas: "aws" });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => up.startChat()));
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]).toMatchObject({
      reason: { name: "TooManyRequestsException", $metadata: { httpStatusCode: 429 } },
    });
  });

  it("limits the chats of an instance, scaled by a factor", async () => {
    // A hundredth of the quotas: five chats at once, and one start in twenty seconds.
    const up = await standIn({ quotas: 0.01 });
    vi.useFakeTimers({ toFake: ["performance"] });
    for (let n = 0; n < 5; n++) {
      await up.startChat();
      vi.advanceTimersByTime(60_000);
    }
    expect(await thrown(up.startChat())).toMatchObject({
      name: "LimitExceededException",
      $metadata: { httpStatusCode: 429 },
    });
  });
});

function expiryOf(url: string): number {
  const claims = JSON.parse(
    Buffer.from(url.split("/chat/")[1]?.split(".")[0] ?? "", "base64url").toString(),
  );
  return claims.expiresAt;
}
