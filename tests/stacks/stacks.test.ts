import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { capturePattern, rulePattern } from "@holdline/eventbridge";
import { lintFlow } from "@holdline/flows";
import { beforeAll, describe, expect, it } from "vitest";
import { pipeline } from "../../services/pipeline.ts";
import { emulator } from "../support/emulator.ts";
import { imageLines } from "../support/image-lines.ts";
import { bundleSuite } from "./bundles.ts";
import { faqSuite } from "./faq.ts";
import { granted, ofType, rules } from "./rules.ts";
import { type Synth, synth } from "./synth.ts";

/** The links that SST put into a function's bundle, with the key it has in its environment. */
function linksIn(file: string, key: string): Record<string, unknown> {
  const sealed = readFileSync(file);
  const open = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
  open.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
  return JSON.parse(text.toString());
}

const root = resolve(import.meta.dirname, "../..");
const stages = ["production", "a-colleagues-own-stage-with-a-long-name"] as const;
const made = new Map<string, Synth>();
const the = (stage: string): Synth => {
  const found = made.get(stage);
  if (!found) throw new Error(`${stage} was not made`);
  return found;
};

beforeAll(async () => {
  const typesBefore = readFileSync(join(root, "sst-env.d.ts"), "utf8");
  for (const stage of stages) made.set(stage, await synth(stage));
  const typesAfter = readFileSync(join(root, "sst-env.d.ts"), "utf8");
  if (typesAfter !== typesBefore)
    throw new Error("sst-env.d.ts was not up to date; it is now: commit it");
}, 300_000);

describe.each(stages)("what SST would make of stage %s", (stage) => {
  it.each(Object.entries(rules))("%s", (_, broken) => {
    expect(broken(the(stage))).toEqual([]);
  });

  it("asks nothing of AWS that the tests do not know", () => {
    expect(the(stage).missing).toEqual([]);
  });
});

bundleSuite(() => the("production"), emulator());
faqSuite(() => the("production"));

describe("a debugging environment", () => {
  const captures = (stage: string) =>
    ofType(the(stage), "aws:cloudwatch/eventRule:EventRule").filter(({ inputs }) => {
      const pattern = JSON.parse(inputs.eventPattern);
      return pattern["replay-name"]?.[0]?.exists === true;
    });

  it("captures replays on a queue that no function reads", () => {
    const [rule, ...others] = captures(stages[1]);
    expect(others).toEqual([]);
    expect(JSON.parse(rule?.inputs.eventPattern)).toEqual(capturePattern);
    const target = ofType(the(stages[1]), "aws:cloudwatch/eventTarget:EventTarget").find(
      ({ inputs }) => inputs.rule === rule?.inputs.name,
    );
    const read = ofType(the(stages[1]), "aws:lambda/eventSourceMapping:EventSourceMapping").map(
      ({ inputs }) => inputs.eventSourceArn,
    );
    expect(target?.inputs.arn).toMatch(/Capture/);
    expect(read).not.toContain(target?.inputs.arn);
  });

  it("is nothing that production has", () => {
    expect(captures("production")).toEqual([]);
  });
});

describe("for every line of the pipeline", () => {
  const functions = () => ofType(the("production"), "aws:lambda/function:Function");
  const functionOf = (stage: string) =>
    functions().find(({ inputs }) => inputs.environment?.variables?.HOLDLINE_STAGE === stage);
  const pascal = (name: string) =>
    name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());

  it.each(pipeline.map((stage) => [stage.name, stage] as const))(
    "%s has a rule for exactly what it declares, a queue and a function",
    (name, stage) => {
      const fn = functionOf(name);
      expect(fn?.inputs.runtime).toBe("nodejs24.x");
      const queueUrl: string = fn?.inputs.environment.variables.HOLDLINE_QUEUE;
      const queueName = queueUrl.split("/").at(-1);
      const target = ofType(the("production"), "aws:cloudwatch/eventTarget:EventTarget").find(
        ({ inputs }) => inputs.arn.endsWith(`:${queueName}`),
      );
      const rule = ofType(the("production"), "aws:cloudwatch/eventRule:EventRule").find(
        ({ inputs }) => inputs.name === target?.inputs.rule,
      );
      expect(JSON.parse(rule?.inputs.eventPattern)).toEqual(rulePattern(stage));
      expect(queueName).toContain(pascal(name));
    },
  );

  it.each(pipeline.map((stage) => [stage.name, stage] as const))(
    "%s may call what it declares, and nothing else",
    (name, stage) => {
      const role = functionOf(name)?.inputs.role;
      const own = granted(the("production")).filter(({ role: of }) =>
        role.includes(
          ofType(the("production"), "aws:iam/role:Role").find((r) => r.name === of)?.inputs.name,
        ),
      );
      const services = new Set(
        own.flatMap(({ statement }) => [statement.Action ?? []].flat().map((a) => a.split(":")[0])),
      );
      const declared = { bot: "lex", connect: "connect", sms: "sms-voice" } as const;
      const outside = [...services].filter((one) =>
        Object.values<string>(declared).includes(one ?? ""),
      );
      expect(outside).toEqual((stage.calls ?? []).map((service) => declared[service]));
      expect([...services].sort()).toEqual(["dynamodb", "events", "kms", "sqs", ...outside].sort());
    },
  );

  it("nothing else runs a stage", () => {
    const run = functions().flatMap(
      ({ inputs }) => inputs.environment?.variables?.HOLDLINE_STAGE ?? [],
    );
    expect(run.sort()).toEqual(pipeline.map(({ name }) => name).sort());
  });

  it("no file of stacks/ knows its name", () => {
    const names = pipeline.map(({ name }) => `"${name}"`);
    const main = readFileSync(join(root, "stacks/main.ts"), "utf8");
    const stagesFile = readFileSync(join(root, "stacks/stages.ts"), "utf8");
    expect(names.filter((name) => (main + stagesFile).includes(name))).toEqual([]);
  });
});

describe("around the pipeline", () => {
  const production = () => the("production");

  it("the bus keeps everything but what was replayed onto it", () => {
    const [archive] = ofType(production(), "aws:cloudwatch/eventArchive:EventArchive");
    expect(JSON.parse(archive?.inputs.eventPattern)).toEqual({
      source: ["holdline"],
      "replay-name": [{ exists: false }],
    });
    expect(archive?.inputs.retentionDays).toBe(365);
  });

  it("state survives a mistake, and expires by itself where it may", () => {
    const tables = ofType(production(), "aws:dynamodb/table:Table");
    const table = tables.find(({ name }) => name.startsWith("State"));
    expect(table?.inputs).toMatchObject({
      deletionProtectionEnabled: true,
      pointInTimeRecovery: { enabled: true },
      ttl: { attributeName: "expires", enabled: true },
    });
  });

  it("there are two holders or more, more with more sockets, with time to hand over", () => {
    const [target] = ofType(production(), "aws:appautoscaling/target:Target");
    expect(target?.inputs.minCapacity).toBeGreaterThanOrEqual(2);
    const policies = ofType(production(), "aws:appautoscaling/policy:Policy");
    const metrics = policies.map(
      ({ inputs }) =>
        inputs.targetTrackingScalingPolicyConfiguration.customizedMetricSpecification?.metricName,
    );
    expect(metrics).toContain("SocketsWanted");
    const [task] = ofType(production(), "aws:ecs/taskDefinition:TaskDefinition");
    const [container] = JSON.parse(task?.inputs.containerDefinitions);
    expect(container.stopTimeout).toBeGreaterThanOrEqual(30);
    const environment = container.environment.map(({ name }: { name: string }) => name);
    for (const name of ["HOLDLINE_WAKE_QUEUE", "SST_RESOURCE_Bus", "SST_RESOURCE_State"])
      expect(environment).toContain(name);
    const [service] = ofType(production(), "aws:ecs/service:Service");
    expect(service?.inputs.enableExecuteCommand).toBe(false);
    const [image] = ofType(production(), "docker-build:index:Image");
    const lines = imageLines(image?.inputs.dockerfile.location, image?.inputs.target);
    expect(lines).toContain('ENTRYPOINT ["node", "services/socket-holder/main.ts"]');
  });

  it("Amazon Connect, this instance of it, may invoke what its flows do", () => {
    const permissions = ofType(production(), "aws:lambda/permission:Permission").filter(
      ({ inputs }) => inputs.principal === "connect.amazonaws.com",
    );
    expect(permissions).toHaveLength(2);
    for (const { inputs } of permissions) {
      expect(inputs.sourceArn).toMatch(/instance\/11111111/);
      expect(inputs.sourceAccount).toBe("123456789012");
    }
    const flows = ofType(production(), "aws:connect/contactFlow:ContactFlow");
    const invoked = flows.flatMap(({ inputs }) => [
      ...inputs.content.matchAll(/"LambdaFunctionARN":"[^"]*:function:([^"]+)"/g),
    ]);
    expect(invoked.map(([, name]) => name).sort()).toEqual(
      permissions.map(({ inputs }) => inputs.function).sort(),
    );
  });

  it("every function has the links it reads, and no secret but its own", () => {
    const calledOrSending = (variables: Record<string, string>) =>
      Boolean(variables.HOLDLINE_CHANNEL ?? variables.HOLDLINE_WEBHOOKS);
    for (const { name, inputs } of ofType(production(), "aws:lambda/function:Function")) {
      const { variables } = inputs.environment;
      const folder = join(production().artifacts, `${name.replace(/Function$/, "")}-src`);
      const links = linksIn(join(folder, "resource.enc"), variables.SST_KEY);
      const token = calledOrSending(variables) ? ["TwilioAuthToken"] : [];
      const stage = ["Bus", "ConversationSecret", "State"];
      const all = name.startsWith("Faq") ? ["FaqTable"] : [...stage, ...token];
      expect(Object.keys(links).sort(), name).toEqual(all);
    }
  });

  it("a carrier that calls is called back at the URL it knows", () => {
    const sending = ofType(production(), "aws:lambda/function:Function").find(
      ({ inputs }) => inputs.environment.variables.HOLDLINE_WEBHOOKS,
    );
    const urls = JSON.parse(sending?.inputs.environment.variables.HOLDLINE_WEBHOOKS);
    expect(Object.keys(urls)).toEqual(["sms-twilio"]);
    expect(urls["sms-twilio"]).toMatch(/^https:/);
  });

  it("every alarm names a section of the runbook that is there", () => {
    const headings = readFileSync(join(root, "docs/operating.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("#"))
      .map((line) =>
        line
          .replace(/^#+ /, "")
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, "")
          .replaceAll(" ", "-"),
      );
    const alarms = ofType(production(), "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.length).toBeGreaterThan(20);
    for (const { name, inputs } of alarms) {
      const [, section] = inputs.alarmDescription.split("docs/operating.md#");
      expect(headings, name).toContain(section);
      expect(inputs.alarmActions, name).toHaveLength(1);
    }
  });
});

describe("contact flows", () => {
  it("are deployed with every ARN filled in, as Connect takes them", () => {
    const flows = ofType(the("production"), "aws:connect/contactFlow:ContactFlow");
    expect(flows.map(({ name }) => name).sort()).toEqual([
      "CallerQueueFlow",
      "CustomerQueueFlow",
      "DisconnectFlow",
      "SmsChatFlow",
      "VoiceDeflectionFlow",
    ]);
    for (const { name, inputs } of flows) {
      expect(lintFlow(JSON.parse(inputs.content)), name).toEqual([]);
      expect(inputs.content, name).not.toContain("undefined");
    }
    const [voice] = flows.filter(({ name }) => name === "VoiceDeflectionFlow");
    expect(voice?.inputs.content).toContain("queue/44444444-2222-3333-4444-555555555555");
    expect(voice?.inputs.content).toContain('"3600"');
    expect(voice?.inputs.content).toContain("contact-flow/flow-holdline-production caller-queue");
    const [chat] = flows.filter(({ name }) => name === "SmsChatFlow");
    expect(chat?.inputs.content).toContain("contact-flow/flow-holdline-production customer-queue");
    expect(chat?.inputs.content).toContain("queue/33333333-2222-3333-4444-555555555555");
  });
});
