import { describe, expect, it } from "vitest";
import type { FlowContact } from "../../packages/simulator/flow/contact.ts";
import { type Flows, readFlow } from "../../packages/simulator/flow/document.ts";
import { play, runOf } from "../../packages/simulator/flow/interpreter.ts";
import { resolved } from "../../packages/simulator/flow/references.ts";
import { cases } from "./flow-cases.ts";

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
});
