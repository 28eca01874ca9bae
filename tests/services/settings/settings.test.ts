import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configuredPipeline } from "../../../services/pipeline.ts";
import { loadSettings, settingsPort } from "../../../services/settings/index.ts";
import { shippedWording, Wording, worded } from "../../../services/settings/wording.ts";
import { ownFolder } from "../../support/folder.ts";
import { settings, withNumber } from "../../support/settings.ts";

const good = {
  instanceId: "i-1",
  numbers: [{ address: "+12065550100", flow: "sms-chat" }],
  bots: { default: { kind: "lex-v2", botId: "HOLDLINE01", aliasId: "TSTALIASID" } },
  queues: { inbound: "https://sqs.example/in", delivery: "https://sqs.example/out" },
};
const number = good.numbers[0];

/** What is said of a settings file with this in it. */
function complaint(content: string | object): string {
  const path = join(ownFolder(), "holdline.config.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  try {
    loadSettings(path);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the settings file", () => {
  it("needs little and says the rest itself", () => {
    expect(complaint(good)).toBe("");
    const { numbers, limits } = settings();
    expect(numbers[0]).toMatchObject({ optOut: "self", partsPerSecond: 1, language: "en-US" });
    expect(limits).toMatchObject({ offerExpiryHours: 24, replyMaxAgeMinutes: 60 });
  });

  it.each([
    [
      "a number that is none",
      { numbers: [{ ...number, address: "12065550100" }] },
      "numbers[0].address",
      "+12065550100",
    ],
    ["no number", { numbers: [] }, "numbers", "at least one business number"],
    ["a number twice", { numbers: [number, number] }, "numbers[1].address", "listed twice"],
    [
      "a bot that is not there",
      { numbers: [{ ...number, bot: "sales" }] },
      "numbers[0].bot",
      '"sales", which is not in bots',
    ],
    [
      "who answers STOP",
      { numbers: [{ ...number, optOut: "both" }] },
      "numbers[0].optOut",
      '"self"|"aws"',
    ],
    ["a misspelt name", { organization: "Acme" }, "organization", "Unrecognized key"],
    ["a misspelt name within", { numbers: [{ ...number, flowId: "f" }] }, "numbers[0]", '"flowId"'],
    ["a misspelt limit", { limits: { offerExpiryHour: 2 } }, "limits", '"offerExpiryHour"'],
    ["a limit below zero", { limits: { offerExpiryHours: -1 } }, "limits.offerExpiryHours", ">0"],
    [
      "a bot's id",
      { bots: { default: { ...good.bots.default, botId: "my-bot" } } },
      "bots.default.botId",
      "10 letters and digits",
    ],
    ["a queue", { queues: { ...good.queues, inbound: "sms-inbound" } }, "queues.inbound", "URL"],
    [
      "Pinpoint without its project",
      { sms: { via: "pinpoint" } },
      "sms.applicationId",
      "needed with via: pinpoint",
    ],
    [
      "a wording that says nothing",
      { numbers: [{ ...number, wording: { stop: "" } }] },
      "numbers[0].wording.stop",
      ">=1",
    ],
    [
      "a misspelt wording",
      { numbers: [{ ...number, wording: { stopp: "x" } }] },
      "numbers[0].wording",
      '"stopp"',
    ],
    [
      "a misspelt value in a wording",
      { numbers: [{ ...number, wording: { place: "{posiiton}" } }] },
      "numbers[0].wording.place",
      "use {position}, {time}",
    ],
  ])("is refused for %s, naming the setting and the fix", (_, given, name, fix) => {
    const said = complaint({ ...good, ...given });
    expect(said).toContain("holdline.config.json");
    expect(said).toContain(name);
    expect(said).toContain(fix);
  });

  it("is named when it does not exist and something is missing", () => {
    const path = join(ownFolder(), "nowhere.json");
    expect(() => loadSettings(path)).toThrow(/nowhere\.json \(which does not exist\).*instanceId/s);
  });

  it.each(["", "{", "[]", "null", "7", '"x"', "\u0000"])(
    "is refused as no JSON object: %j",
    (content) => {
      expect(complaint(content)).toMatch(/holdline\.config\.json is not a JSON object/);
    },
  );

  it("is refused clearly whatever nonsense it holds", () => {
    fc.assert(
      fc.property(fc.record({ ...nonsense }, { requiredKeys: [] }), (given) => {
        expect(complaint({ ...good, ...given })).toMatch(/^$|^The settings in .*not usable:\n✖ /s);
      }),
      { numRuns: 150 },
    );
  });
});

const any = fc.jsonValue({ maxDepth: 2 });
const nonsense = {
  organisation: any,
  instanceId: any,
  numbers: any,
  bots: any,
  sms: any,
  queues: any,
  limits: any,
  __proto__x: any,
};

describe("the settings as stages see them", () => {
  it("keep several numbers apart", () => {
    const port = settingsPort(
      settings({
        numbers: [
          { address: "+12065550100", flow: "a", optOut: "aws", wording: { stop: "Bye from A." } },
          { address: "+12065550101", flow: "b", language: "es-US", partsPerSecond: 20 },
        ],
      }),
      { speed: 1, quotas: 1 },
    );
    expect(port.number("+12065550100")).toMatchObject({ flow: "a", optOut: "aws" });
    expect(port.number("+12065550101")).toMatchObject({
      flow: "b",
      optOut: "self",
      partsPerSecond: 20,
    });
    expect(port.number("+12065550102")).toBeUndefined();
    expect(port.wording("+12065550100", "en-US").stop).toBe("Bye from A.");
    expect(port.wording("+12065550101", "en-US").stop).toBe(shippedWording("en").stop);
  });

  it("have waits divided by the speed and quotas multiplied", () => {
    const plain = settings(withNumber({ partsPerSecond: 4 }));
    const { limits, number: of } = settingsPort(plain, { speed: 10, quotas: 2 });
    expect(limits.unsureWaitSeconds).toBe(1);
    expect(limits.replyMaxAgeMinutes).toBe(6);
    expect(limits.startChatPerSecond).toBe(10);
    expect(limits.maxSegments).toBe(plain.limits.maxSegments);
    expect(of("+12065550100")?.partsPerSecond).toBe(8);
  });

  it("bound the age of a reply that is still sent", () => {
    const given = settings({ limits: { replyMaxAgeMinutes: 5 } });
    const stages = configuredPipeline(settingsPort(given, { speed: 1, quotas: 1 }));
    expect(stages.find(({ name }) => name === "outbound-sms")?.retry?.maxAgeMs).toBe(300_000);
  });
});

describe("our wording", () => {
  it.each(["en", "es"])("passes its own check in %s, with every value it may name", (language) => {
    expect(Wording.safeParse(shippedWording(language)).error).toBeUndefined();
  });

  it("is English where we ship no other", () => {
    expect(shippedWording("fr-FR")).toBe(shippedWording("en-US"));
    expect(shippedWording("es-MX")).not.toBe(shippedWording("en-US"));
  });

  it("fits the rules of carriers: the offer and HELP name STOP, HELP, rates and who we are", () => {
    for (const name of ["offer", "greeting"] as const) {
      const said = worded(shippedWording("en")[name], { organisation: "Acme" });
      for (const needed of ["Acme", "YES", "rates", "HELP", "STOP"]) expect(said).toContain(needed);
    }
    expect(worded(shippedWording("en").help, { organisation: "Acme" })).toMatch(/Acme.*STOP/);
    expect(worded(shippedWording("en").stop, { organisation: "Acme" })).toMatch(/Acme.*no more/);
  });
});
