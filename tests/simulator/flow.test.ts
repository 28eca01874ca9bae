import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { FlowContact } from "../../packages/simulator/flow/contact.ts";
import { type Flows, readFlow } from "../../packages/simulator/flow/document.ts";
import { play, runOf } from "../../packages/simulator/flow/interpreter.ts";
import { resolved } from "../../packages/simulator/flow/references.ts";
import { NUMBER, PHONE, standIn, stopAll } from "./stand-in.ts";

afterEach(stopAll);

const ok = (word: string, NextAction?: string) => ({
  Identifier: word,
  Type: "MessageParticipant",
  Parameters: { Text: word },
  Transitions: NextAction ? { NextAction } : {},
});

/** One action whose arrows each lead to an action that says the arrow's name. */
const around = (Type: string, Parameters: object, conditions: readonly string[] = []): Flows => {
  const errors = [
    "NoMatchingError",
    "NoMatchingCondition",
    "QueueAtCapacity",
    "InputTimeLimitExceeded",
  ];
  const words = ["next", ...conditions, ...errors];
  const flow = readFlow(
    "tried",
    JSON.stringify({
      Version: "2019-10-30",
      StartAction: "tried",
      Actions: [
        {
          Identifier: "tried",
          Type,
          Parameters,
          Transitions: {
            NextAction: "next",
            Conditions: conditions.map((word) => {
              const [operator, operand] = word.includes(" ") ? word.split(" ") : ["Equals", word];
              return { NextAction: word, Condition: { Operator: operator, Operands: [operand] } };
            }),
            Errors: errors.map((word) => ({ NextAction: word, ErrorType: word })),
          },
        },
        ...words.map((word) => ok(word)),
      ],
    }),
  );
  return { find: (name) => (name === "tried" ? flow : undefined) };
};

const contact = (more: Partial<FlowContact> = {}) => {
  const said: string[] = [];
  const does: string[] = [];
  const it: FlowContact = {
    channel: "CHAT",
    facts: () => ({ Attributes: { name: "Bo" }, Queue: { Name: "sms" } }),
    say: (text) => void said.push(text),
    ask: () => undefined,
    setAttributes: (attributes) => does.push(JSON.stringify(attributes)) > 0,
    setLanguage: (code) => void does.push(code),
    setTargetQueue: (queue) => queue === "sms",
    setHook: (hook, flow) => does.push(`${hook}=${flow}`) > 0,
    setRouting: (routing) => void does.push(JSON.stringify(routing)),
    enqueue: () => "queued",
    hoursOpen: () => true,
    metrics: () => ({
      name: "sms",
      arn: "arn",
      size: 4,
      oldestSeconds: 7_201,
      position: 2,
      agents: { online: 1, available: 0, staffed: 1 },
    }),
    invoke: async () => ({ a: "1" }),
    knowsFlow: () => false,
    disconnect: () => void does.push("disconnect"),
    ...more,
  };
  return { it, said, does };
};

const tried = async (
  Type: string,
  Parameters: object,
  conditions: readonly string[] = [],
  more: Partial<FlowContact> = {},
) => {
  const flows = around(Type, Parameters, conditions);
  const run = runOf(flows, "tried");
  if (!run) throw new Error("no flow");
  const { it, said, does } = contact(more);
  const pause = await play(flows, run, it);
  return { way: run.action === "tried" ? pause.is : run.action, said, does, run, pause };
};

const VOICE = { channel: "VOICE" } as const;
const cases: readonly [string, object, readonly string[], Partial<FlowContact>, string][] = [
  ["MessageParticipant", { Text: "hi" }, [], {}, "next"],
  ["MessageParticipant", { PromptId: "p" }, [], {}, "NoMatchingError"],
  ["MessageParticipantIteratively", { Messages: [{ Text: "hi" }] }, [], {}, "NoMatchingError"],
  ["MessageParticipantIteratively", { Messages: [{ Text: "hi" }] }, [], VOICE, "next"],
  ["UpdateContactAttributes", { Attributes: { a: "b" } }, [], {}, "next"],
  ["UpdateContactAttributes", { Attributes: { a: 1 } }, [], {}, "NoMatchingError"],
  ["UpdateContactEventHooks", { EventHooks: { CustomerQueue: "f" } }, [], {}, "next"],
  [
    "UpdateContactEventHooks",
    { EventHooks: { CustomerQueue: "f", CustomerRemaining: "f" } },
    [],
    {},
    "NoMatchingError",
  ],
  ["UpdateContactEventHooks", { EventHooks: { Nope: "f" } }, [], {}, "NoMatchingError"],
  ["UpdateContactData", { LanguageCode: "es-US" }, [], {}, "next"],
  ["UpdateContactRoutingBehavior", { QueuePriority: "1" }, [], {}, "next"],
  [
    "UpdateContactRoutingBehavior",
    { QueuePriority: "1", QueueTimeAdjustmentSeconds: "9" },
    [],
    {},
    "NoMatchingError",
  ],
  ["UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, [], {}, "next"],
  ["UpdateContactTargetQueue", { QueueId: "sms" }, [], {}, "next"],
  ["UpdateContactTargetQueue", { QueueId: "nope" }, [], {}, "NoMatchingError"],
  ["TransferContactToQueue", {}, [], {}, "out"],
  ["TransferContactToQueue", {}, [], { enqueue: () => "at-capacity" }, "QueueAtCapacity"],
  ["TransferContactToQueue", {}, [], { enqueue: () => "no-queue" }, "NoMatchingError"],
  ["DequeueContactAndTransferToQueue", { QueueId: "sms" }, [], {}, "out"],
  ["DequeueContactAndTransferToQueue", {}, [], {}, "NoMatchingError"],
  ["CheckHoursOfOperation", {}, ["True", "False"], {}, "True"],
  ["CheckHoursOfOperation", {}, ["True", "False"], { hoursOpen: () => false }, "False"],
  [
    "CheckHoursOfOperation",
    {},
    ["True", "False"],
    { hoursOpen: () => undefined },
    "NoMatchingError",
  ],
  [
    "CheckMetricData",
    { MetricType: "OldestContactInQueueAgeSeconds" },
    ["NumberGreaterThan 7200"],
    {},
    "NumberGreaterThan 7200",
  ],
  [
    "CheckMetricData",
    { MetricType: "NumberOfContactsInQueue" },
    ["NumberGreaterThan 4"],
    {},
    "NoMatchingCondition",
  ],
  [
    "CheckMetricData",
    { MetricType: "NumberOfAgentsAvailable" },
    ["NumberLessThan 1"],
    {},
    "NumberLessThan 1",
  ],
  ["CheckMetricData", { MetricType: "Nope" }, [], {}, "NoMatchingError"],
  ["GetMetricData", {}, [], {}, "next"],
  ["GetMetricData", {}, [], { metrics: () => undefined }, "NoMatchingError"],
  ["Compare", { ComparisonValue: "$.Attributes.name" }, ["Bo"], {}, "Bo"],
  [
    "Compare",
    { ComparisonValue: "$.Attributes.name" },
    ["TextStartsWith B"],
    {},
    "TextStartsWith B",
  ],
  [
    "Compare",
    { ComparisonValue: "$.Attributes.nope" },
    ["NumberLessThan 1"],
    {},
    "NoMatchingCondition",
  ],
  ["Loop", { LoopCount: "1" }, ["ContinueLooping", "DoneLooping"], {}, "ContinueLooping"],
  ["Loop", { LoopCount: "0" }, ["ContinueLooping", "DoneLooping"], {}, "DoneLooping"],
  ["Loop", { LoopCount: "101" }, [], {}, "NoMatchingError"],
  ["Wait", { TimeLimitSeconds: "120" }, ["WaitCompleted"], {}, "waiting"],
  ["Wait", { TimeoutSeconds: "120" }, ["WaitCompleted"], {}, "waiting"],
  ["Wait", { TimeLimitSeconds: "604801" }, ["WaitCompleted"], {}, "NoMatchingError"],
  ["Wait", { TimeLimitSeconds: "1" }, ["WaitCompleted"], VOICE, "NoMatchingError"],
  ["GetParticipantInput", { Text: "press" }, ["1"], { ...VOICE, ask: () => "1" }, "1"],
  [
    "GetParticipantInput",
    { Text: "press" },
    ["1"],
    { ...VOICE, ask: () => "2" },
    "NoMatchingCondition",
  ],
  ["GetParticipantInput", { Text: "press" }, ["1"], VOICE, "InputTimeLimitExceeded"],
  [
    "GetParticipantInput",
    { Text: "press", StoreInput: "True" },
    [],
    { ...VOICE, ask: () => "12" },
    "next",
  ],
  ["GetParticipantInput", { Text: "type" }, [], {}, "NoMatchingError"],
  ["InvokeLambdaFunction", { LambdaFunctionARN: "arn:f" }, [], {}, "next"],
  [
    "InvokeLambdaFunction",
    { LambdaFunctionARN: "arn:f" },
    [],
    { invoke: async () => ({ a: 1 }) },
    "NoMatchingError",
  ],
  [
    "InvokeLambdaFunction",
    { LambdaFunctionARN: "arn:f", ResponseValidation: { ResponseType: "JSON" } },
    [],
    { invoke: async () => ({ a: 1 }) },
    "next",
  ],
  [
    "InvokeLambdaFunction",
    { LambdaFunctionARN: "arn:f" },
    [],
    { invoke: () => Promise.reject(new Error("no")) },
    "NoMatchingError",
  ],
  [
    "InvokeLambdaFunction",
    { LambdaFunctionARN: "arn:f", InvocationTimeLimitSeconds: "9" },
    [],
    {},
    "NoMatchingError",
  ],
  ["TransferToFlow", { ContactFlowId: "nope" }, [], {}, "NoMatchingError"],
  ["DisconnectParticipant", {}, [], {}, "out"],
  ["EndFlowExecution", {}, [], {}, "out"],
  ["ConnectParticipantWithSeance", {}, [], {}, "NoMatchingError"],
  ["toString", {}, [], {}, "NoMatchingError"],
];

describe("the interpreter", () => {
  it.each(cases)(
    "leads %s %j on by the right arrow",
    async (type, parameters, conditions, more, way) => {
      expect((await tried(type, parameters, conditions, more)).way).toBe(way);
    },
  );

  it("puts values in the place of references", () => {
    const facts = { Attributes: { "my-key": "v", n: 7 }, External: { list: [1] } };
    expect(
      resolved({ "$.Attributes.my-key": ["a $.Attributes.n. b", "$.Attributes['my-key']"] }, facts),
    ).toEqual({ v: ["a 7. b", "v"] });
    expect(resolved("$.Nope.x|$.External.list|$5", facts)).toBe("|[1]|$5");
  });

  it("counts a loop's rounds and begins again", async () => {
    const flow = readFlow(
      "tried",
      JSON.stringify({
        Version: "2019-10-30",
        StartAction: "loop",
        Actions: [
          {
            Identifier: "loop",
            Type: "Loop",
            Parameters: { LoopCount: "3" },
            Transitions: {
              Conditions: [
                {
                  NextAction: "say",
                  Condition: { Operator: "Equals", Operands: ["ContinueLooping"] },
                },
                { NextAction: "end", Condition: { Operator: "Equals", Operands: ["DoneLooping"] } },
              ],
            },
          },
          { ...ok("say", "loop") },
          { Identifier: "end", Type: "EndFlowExecution" },
        ],
      }),
    );
    const flows: Flows = { find: () => flow };
    const run = runOf(flows, "tried");
    const { it, said } = contact();
    if (run) expect(await play(flows, run, it)).toEqual({ is: "out" });
    expect(said).toEqual(["say", "say", "say"]);
    expect(run?.loops).toEqual({});
  });

  it("gives up on a flow that goes round without waiting", async () => {
    const flow = readFlow(
      "round",
      JSON.stringify({ Version: "2019-10-30", StartAction: "a", Actions: [ok("a", "a")] }),
    );
    const run = runOf({ find: () => flow }, "round");
    if (!run) throw new Error("no flow");
    expect(await play({ find: () => flow }, run, contact().it)).toMatchObject({ is: "stuck" });
  });

  it("refuses a flow whose arrows lead nowhere", () => {
    const broken = { Version: "2019-10-30", StartAction: "a", Actions: [ok("a", "b")] };
    expect(() => readFlow("broken", JSON.stringify(broken))).toThrow('there is no action "b"');
  });

  it("has a way out of every error of the flows that come with it", () => {
    const folder = new URL("../../packages/simulator/flows/", import.meta.url);
    const terminal = new Set(["DisconnectParticipant", "EndFlowExecution"]);
    const without = new Set([...terminal, "UpdateFlowLoggingBehavior", "Compare"]);
    for (const file of readdirSync(folder)) {
      const { actions } = readFlow(file, readFileSync(new URL(file, folder), "utf8"));
      for (const { Identifier, Type, Transitions } of actions.values())
        if (!without.has(Type))
          expect.soft(Transitions.Errors.length, `${file}: ${Identifier}`).toBeGreaterThan(0);
    }
  });
});

describe("a call", () => {
  const functionThat = async (answer: (event: unknown) => { status: number; body: unknown }) => {
    const events: Record<string, never>[] = [];
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      events.push(JSON.parse(text));
      const { status, body } = answer(events.at(-1));
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return { url, events, close: () => server.close() };
  };
  const heard = ({ body }: { body: { steps: { action: string; text?: string }[] } }) =>
    body.steps.filter(({ action }) => action === "heard").map(({ text = "" }) => text);

  it("is offered a text after a long wait, by the function that the flow invokes", async () => {
    const { door } = await standIn();
    const optIn = await functionThat(() => ({
      status: 200,
      body: { offered: "true", reason: "mobile", smsNumber: NUMBER },
    }));
    await door("PUT", "/functions/opt-in", { url: optIn.url });
    const made = await door("POST", "/calls", {
      from: PHONE,
      queue: "claims",
      waitSeconds: 7_500,
      press: "1",
    });
    optIn.close();
    expect(made.body).toMatchObject({ offered: true, reason: "mobile", smsNumber: NUMBER });
    expect(heard(made).at(-1)).toContain(`sent you a text message from ${NUMBER}`);
    expect(made.body.steps.at(-1)).toEqual({ action: "queued", text: "claims" });
    expect(optIn.events).toMatchObject([
      {
        Name: "ContactFlowEvent",
        Details: {
          ContactData: {
            Channel: "VOICE",
            ContactId: made.body.contactId,
            CustomerEndpoint: { Address: PHONE, Type: "TELEPHONE_NUMBER" },
            SystemEndpoint: { Address: NUMBER, Type: "TELEPHONE_NUMBER" },
            Queue: { Name: "claims" },
          },
          Parameters: {
            queue: "claims",
            secondsWaited: "7500",
            estimatedWaitSeconds: "7500",
            language: "en-US",
            smsNumber: NUMBER,
          },
        },
      },
    ]);
  });

  it("stays in the queue when the wait is short, nothing is pressed, or nothing answers", async () => {
    const { door } = await standIn();
    const short = await door("POST", "/calls", { from: PHONE, waitSeconds: 60, press: "1" });
    const silent = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000 });
    const broken = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000, press: 1 });
    for (const made of [short, silent, broken]) {
      expect(made.body.offered).toBe(false);
      expect(made.body.steps.at(-1)).toEqual({ action: "queued", text: "voice" });
    }
    expect(heard(broken).at(-1)).toContain("cannot send you a text message right now");
  });

  it("is told when its phone cannot be texted; a function that fails is tried again", async () => {
    const { door } = await standIn();
    let tries = 0;
    const optIn = await functionThat(() =>
      ++tries < 3
        ? { status: 500, body: {} }
        : { status: 200, body: { offered: "false", reason: "landline" } },
    );
    await door("PUT", "/functions/opt-in", { url: optIn.url });
    const made = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000, press: "1" });
    optIn.close();
    expect(tries).toBe(3);
    expect(made.body).toMatchObject({ offered: false, reason: "landline" });
    expect(heard(made).at(-1)).toContain("cannot send text messages to the phone");
  });
});
