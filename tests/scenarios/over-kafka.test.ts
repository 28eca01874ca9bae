import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveOnKafka } from "../../services/main.kafka.ts";
import { shareFolder } from "../../services/shared-state.ts";
import { broker, ownPlace } from "../support/kafka.ts";
import { type Pipeline, type Town, town } from "./town.ts";

const up = broker();
const number = "+14255550182";
const program = fileURLToPath(new URL("../../services/holdline.mjs", import.meta.url));
const patient = { limits: { yesUnansweredSeconds: 600 } };

/** All parts in one process over Kafka, and the store it shares with nobody. */
const overKafka: Pipeline = {
  history: "since=2026-01-01T00:00:00Z",
  async serving(env, log) {
    const shared = await shareFolder(env);
    const running = await serveOnKafka(env, log, undefined);
    return {
      ...running,
      async close() {
        await running.close();
        await shared.close();
      },
    };
  },
};

const townOverKafka = () => town({ ...patient, kafka: ownPlace(up.the.address) }, {}, overKafka);

/** Where the command line finds this town. */
const environmentOf = (the: Town, opsUrl = the.opsUrl) => ({
  ...process.env,
  ...{ HOLDLINE_DATA: the.folder, HOLDLINE_CONFIG: the.config },
  HOLDLINE_OPS_PORT: new URL(opsUrl).port,
});

async function holdline(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env });
  return stdout;
}

const why = (the: Town, ...args: readonly string[]) =>
  holdline(environmentOf(the), "why", ...args, "--on", "kafka");

describe("over Kafka", () => {
  it("why tells from the topics and the store what a text waits for, and from the topics alone what became of it", async () => {
    const the = await townOverKafka();
    await the.faults({ throttle: { operation: "SendTextMessage" } });
    await the.call(number);
    const told = await the.until("the carrier's answer", async () => {
      const said = await why(the, number).catch(() => "");
      return said.includes("tries again") ? said : undefined;
    });
    expect(told).toContain("carrier-throttled: outbound-sms tries again");
    expect(told).toContain("the end of the offer");

    await the.noFaults();
    await the.phone(number).receives(/go on by text/);
    const { id, key } = await the.happens("reply.delivered", { final: true });
    const { stages, kafka } = await the.ask<{ stages: object; kafka: string }>(
      ...(["GET", `/progress/${key}`, undefined, the.opsUrl] as const),
    );
    expect(Object.keys(stages)).toContain("outbound-sms");
    expect(kafka).toContain(up.the.address);
    expect(await why(the, number)).toContain("Nothing went wrong");
    const byEvent = JSON.parse(await why(the, id, "--json"));
    expect(byEvent).toMatchObject({ conversation: key, seen: "running", faults: [] });
    // Whoever answers on that port is another pipeline, or nobody.
    const alone = { ...environmentOf(the), HOLDLINE_OPS_PORT: "1" };
    const history = await holdline(alone, "why", key, "--on", "kafka", "--json");
    expect(JSON.parse(history)).toMatchObject({ conversation: key, seen: "history" });
    await expect(
      holdline(alone, "why", key, "--on", "kafka", "--since", "2999-01-01T00:00:00Z"),
    ).rejects.toThrow(/there is no conversation and no event/);
  }, 90_000);

  it("tail shows what happens as it happens, and what happened since a time", async () => {
    const the = await townOverKafka();
    const tail = spawn(process.execPath, [program, "tail", "--json"], {
      env: environmentOf(the),
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void tail.kill());
    const heard: { type: string; data: { text?: string } }[] = [];
    createInterface({ input: tail.stdout }).on("line", (line) => heard.push(JSON.parse(line)));
    // It joins within seconds: texts go on coming until it has seen one.
    const phone = the.phone(number);
    let texts = 0;
    for (; !heard.some(({ type }) => type === "message.received"); await sleep(200))
      await phone.texts(`hello ${texts++}`);
    await phone.texts("the last one");
    while (!heard.some(({ data }) => data.text === "the last one")) await sleep(50);
    expect(new Set(heard.map(({ type }) => type)).size).toBeGreaterThan(2);
    const all = (await the.events()).filter(({ type }) => type === "message.received");
    expect(all.map(({ data }) => (data as { text: string }).text)).toEqual([
      ...Array.from({ length: texts }, (_, n) => `hello ${n}`),
      "the last one",
    ]);
    const refused = await fetch(`${the.opsUrl}/events?from=1`);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining("over Kafka"),
    ]);
  }, 60_000);

  it("the function that answers for the bot answers from the table of the data folder", async () => {
    const the = await townOverKafka();
    const pairs = '{"id":"hours","question":"When are you open?","answer":"From nine to five."}';
    const syncing = execFile(process.execPath, [program, "faq", "sync", "-"], {
      env: environmentOf(the),
    });
    syncing.stdin?.end(`${pairs}\n`);
    await new Promise((resolve) => syncing.once("exit", resolve));
    const ask = (name: string) =>
      the.ask<{ messages: { content: string }[] }>(
        ...(["POST", "/functions/faq-answer"] as const),
        {
          ...{ inputTranscript: "when are you open", bot: { localeId: "en_US" } },
          sessionState: { intent: { name, slots: {} } },
        },
        the.opsUrl,
      );
    expect((await ask("hours")).messages[0]?.content).toBe("From nine to five.");
    expect((await ask("nobody")).messages[0]?.content).toContain("I have no answer to that");
  }, 60_000);
});
