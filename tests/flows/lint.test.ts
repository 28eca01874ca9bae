import { contactFlows, type Finding, lintFlow, nextOf } from "@holdline/flows";
import { describe, expect, it } from "vitest";

const flows = contactFlows({
  smsQueueArn: "arn:aws:connect:us-west-2:111122223333:instance/i/queue/sms",
  optInFunctionArn: "arn:aws:lambda:us-west-2:111122223333:function:opt-in",
  offerStatusFunctionArn: "arn:aws:lambda:us-west-2:111122223333:function:offer-status",
  voiceQueueArn: "arn:aws:connect:us-west-2:111122223333:instance/i/queue/voice",
  callerQueueFlowArn: "arn:aws:connect:us-west-2:111122223333:instance/i/contact-flow/c",
  customerQueueFlowArn: "arn:aws:connect:us-west-2:111122223333:instance/i/contact-flow/q",
  disconnectFlowArn: "arn:aws:connect:us-west-2:111122223333:instance/i/contact-flow/d",
});

const rulesOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);

interface Block {
  Identifier: string;
  Type: string;
  Parameters: Record<string, unknown>;
  Transitions: Record<string, unknown>;
}
const hello: Block = {
  Identifier: "hello",
  Type: "MessageParticipant",
  Parameters: { Text: "Hello" },
  Transitions: {
    NextAction: "bye",
    Errors: [{ NextAction: "bye", ErrorType: "NoMatchingError" }],
  },
};
const bye: Block = {
  Identifier: "bye",
  Type: "DisconnectParticipant",
  Parameters: {},
  Transitions: {},
};
const document = (...Actions: Block[]) => ({
  Version: "2019-10-30",
  StartAction: "hello",
  Actions,
});
const changed = (change: Partial<Block>) => document({ ...hello, ...change }, bye);
const errors = (...types: string[]) => types.map((ErrorType) => ({ NextAction: "bye", ErrorType }));

describe("our flows", () => {
  it.each(flows.map((flow) => [flow.name, flow] as const))("%s has no finding", (_, flow) => {
    const kind = flow.type === "CUSTOMER_QUEUE" ? "customer-queue" : "inbound";
    const voice = ["voice-deflection", "caller-queue"];
    const channel = voice.includes(flow.name) ? "voice" : "chat";
    expect(lintFlow(flow.document, { kind, channel })).toEqual([]);
  });

  it("are as Connect writes them: numbers are strings", () => {
    for (const { document } of flows)
      for (const { Parameters } of document.Actions)
        for (const value of Object.values(Parameters)) expect(typeof value).not.toBe("number");
  });

  it("say something to a caller before they hang up on one", () => {
    for (const name of ["voice-deflection", "caller-queue"]) {
      const { document } = flows.find((flow) => flow.name === name) ?? never();
      const ends = document.Actions.filter(({ Type }) => Type === "DisconnectParticipant");
      const before = document.Actions.filter((action) =>
        ends.some(({ Identifier }) => nextOf(action).includes(Identifier)),
      );
      expect(before.map(({ Type }) => Type)).toEqual(["MessageParticipant", "MessageParticipant"]);
    }
  });
});

const never = (): never => {
  throw new Error("there are no flows");
};

describe("a broken flow", () => {
  it.each<[string, unknown]>([
    ["not-a-flow", { hello: 1 }],
    ["legacy-format", { version: "1", modules: [] }],
    ["version", { ...changed({}), Version: "2018-01-01" }],
    ["no-start", { ...changed({}), StartAction: "nobody" }],
    ["dangling", changed({ Transitions: { NextAction: "nobody" } })],
    ["missing-next", changed({ Transitions: { Errors: errors("NoMatchingError") } })],
    ["unknown-action", changed({ Type: "SingASong" })],
    ["no-error-branch", changed({ Transitions: { NextAction: "bye" } })],
    [
      "after-the-end",
      changed({ Type: "DisconnectParticipant", Transitions: { NextAction: "bye" } }),
    ],
    ["unreachable", document(hello, bye, { ...hello, Identifier: "alone" })],
    ["identifier", document({ ...hello }, { ...hello }, bye)],
    ["identifier", { ...document({ ...hello, Identifier: "a:b" }, bye), StartAction: "a:b" }],
    ["missing-error", changed({ Type: "GetMetricData", Transitions: { NextAction: "bye" } })],
    [
      "missing-condition",
      changed({
        Type: "CheckHoursOfOperation",
        Transitions: { NextAction: "bye", Errors: errors("NoMatchingError") },
      }),
    ],
    ["parameter", changed({ Parameters: { Text: "a", SSML: "b" } })],
    ["parameter", changed({ Type: "Loop", Parameters: { LoopCount: "101" } })],
    ["parameter", changed({ Type: "Wait", Parameters: { TimeLimitSeconds: "604801" } })],
    [
      "parameter",
      changed({
        Type: "InvokeLambdaFunction",
        Parameters: { LambdaFunctionARN: "arn", InvocationTimeLimitSeconds: "9" },
      }),
    ],
    ["parameter", changed({ Type: "UpdateContactEventHooks", Parameters: { EventHooks: {} } })],
    ["parameter", changed({ Type: "Compare", Parameters: { ComparisonValue: "yes" } })],
  ])("is caught: %s", (rule, flow) => {
    expect(rulesOf(lintFlow(flow))).toContain(rule);
  });

  it("is caught by where it is to run", () => {
    const queued = changed({
      Type: "TransferContactToQueue",
      Parameters: {},
      Transitions: { NextAction: "bye", Errors: errors("QueueAtCapacity", "NoMatchingError") },
    });
    expect(rulesOf(lintFlow(queued, { kind: "inbound" }))).toEqual([]);
    expect(rulesOf(lintFlow(queued, { kind: "customer-queue" }))).toEqual(["not-in-this-kind"]);
    const prompts = changed({
      Type: "MessageParticipantIteratively",
      Parameters: { Messages: [{ Text: "Please wait" }] },
    });
    expect(rulesOf(lintFlow(prompts, { channel: "voice" }))).toEqual([]);
    expect(rulesOf(lintFlow(prompts, { channel: "chat" }))).toEqual(["not-on-this-channel"]);
    const prompt = changed({ Parameters: { PromptId: "arn" } });
    expect(rulesOf(lintFlow(prompt, { channel: "chat" }))).toEqual(["parameter"]);
  });

  it("is not found where there is none", () => {
    expect(lintFlow(changed({}))).toEqual([]);
  });
});
