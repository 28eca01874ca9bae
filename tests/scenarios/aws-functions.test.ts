import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OnAws, onAws } from "../../services/aws-emulated/index.ts";
import { simClient } from "../../services/cli/sim-client.ts";
import { ownFolder } from "../support/folder.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../services/holdline.mjs", import.meta.url));
const phone = "+14255550182";
const stranger = "+14255550177";
/** Words that are in nothing but what customers and agents say here. */
const planted = ["xylophone", "marmalade", "quicksilver", "zeppelin"] as const;
const [first, second, third, fourth] = planted;

let aws: OnAws;
const lines: string[] = [];
const sim = () => simClient(aws.awsUrl);

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + 110_000; ; await sleep(200)) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
  }
}
const received = (words: RegExp) =>
  until(`${words}`, async () =>
    (await sim().texts(phone)).find(
      ({ direction, text }) => direction === "in" && words.test(text),
    ),
  );

/** The command line, as `sst shell` would start it. */
async function linked(...args: readonly string[]) {
  const env = { ...process.env, ...aws.variables, HOLDLINE_LOG: "ERROR" };
  const { stdout } = await run(process.execPath, [program, ...args, "--on", "aws"], { env });
  return stdout;
}
const dlq = (...args: readonly string[]) => linked("dlq", ...args);
const letters = async () =>
  JSON.parse(await dlq("list", "--json")) as readonly Record<string, string>[];

beforeAll(async () => {
  process.env.HOLDLINE_LOG = "debug";
  aws = await onAws({
    folder: ownFolder(afterAll),
    quotas: "off",
    logged: (line) => lines.push(line),
  });
}, 300_000);
afterAll(async () => {
  delete process.env.HOLDLINE_LOG;
  await aws?.close();
});

describe("the functions of a deployment", () => {
  it("log a great deal, and nothing of what was said or by whom", async () => {
    await sim().call(phone);
    await received(/Reply YES/);
    await sim().text(phone, "yes");
    await received(/number \d+ in line/);
    await sim().text(phone, `what about my ${first}?`);
    await received(/don't know/);
    await sim().agent("Maria", "available");
    await received(/Maria has joined/);
    const chat = await until("the chat", async () =>
      (await sim().desk("Maria")).find(({ customer }) => customer === phone),
    );
    await sim().say(chat.contactId, `Your ${second} is on its way.`);
    await received(/on its way/);
    // What goes wrong is logged as well: a carrier that fails, a body nobody can read, one too large.
    await fetch(`${aws.awsUrl}/_sim/faults`, {
      method: "POST",
      body: JSON.stringify({
        fail: { operation: "SendTextMessage", error: "InternalServerException", times: 2 },
      }),
    });
    await sim().say(chat.contactId, `And the ${third}, too.`);
    const sqs = new SQSClient({
      ...{ region: "us-west-2", endpoint: aws.awsUrl },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const QueueUrl = `${aws.awsUrl}/111122223333/sms-inbound`;
    const bring = (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await bring(`{"originationNumber":"${stranger}","messageBody":"${fourth}"`);
    await bring(JSON.stringify({ originationNumber: stranger, messageBody: fourth }));
    await bring(`{"messageBody":"${fourth} ${"x".repeat(70_000)}"}`);
    await bring(
      JSON.stringify({
        ...{ originationNumber: stranger, destinationNumber: "+12065550999" },
        ...{ messageBody: fourth, inboundMessageId: "t-not-ours", messageKeyword: "K" },
      }),
    );
    await until("five dead letters", async () =>
      (await letters()).length >= 5 ? true : undefined,
    );
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines.filter((one) => one.startsWith("{"))) JSON.parse(line);
    const log = lines.join("\n");
    expect(log).toContain("dead-lettered");
    const numbers = [phone, stranger, "+12065550100", "+12065550999"].map((one) => one.slice(1));
    for (const secret of [...planted, ...numbers])
      expect(log.includes(secret), `the log holds ${secret}`).toBe(false);
  }, 240_000);

  it("keep what they gave up on, to be listed, shown and redriven", async () => {
    const all = await letters();
    expect(all.map(({ code }) => code).sort()).toEqual([
      "not-our-number",
      "too-large",
      "unreadable",
      "unreadable",
      "unsure",
    ]);
    expect(JSON.stringify(all)).not.toContain(fourth);
    const letter = all.find(({ code }) => code === "not-our-number");
    const id = letter?.id ?? "";
    const shown = JSON.parse(await dlq("show", id));
    expect(shown.data).toMatchObject({ stage: "ingest", event: { type: "inbound.arrived" } });
    expect(await dlq("redrive", id)).toContain("  redriven");
    expect(await dlq("redrive", id)).toContain("had been redriven before");
    // It went to the stage that gave up, which gives up again: another letter, about the same event.
    const again = await until("the new letter", async () =>
      (await letters()).find((one) => one.code === "not-our-number" && one.id !== id),
    );
    expect(again.key).toBe(letter?.key);
    await expect(dlq("show", "nobody")).rejects.toThrow(/there is no dead letter nobody/);
  }, 120_000);

  it("tell why a conversation is where it is, from the table alone", async () => {
    const out = await linked("why", phone);
    expect(out).toContain("a deployment's table");
    expect(out).toContain(`${phone} with +12065550100`);
    expect(out).toContain("The customer has said yes. A chat is open, with Maria.");
    expect(out).toMatch(/- unsure: outbound-sms gave up on reply\.drafted: dead letter/);
    expect(out).toContain("a look at whether the chat has gone quiet: due in");
    const { conversation, faults } = JSON.parse(await linked("why", phone, "--json"));
    const [letter] = faults;
    const byLetter = JSON.parse(await linked("why", letter.event, "--json", "--redact"));
    expect(byLetter).toMatchObject({ conversation, customer: null, seen: "deployment" });
    expect(byLetter.steps).toHaveLength(1);
    for (const word of planted) expect(JSON.stringify(byLetter)).not.toContain(word);
    await expect(linked("why", "+14255550199")).rejects.toThrow(/has no conversation with/);
  }, 60_000);

  it("are counted: events, runs, and what they consume of DynamoDB", async () => {
    const { events, spent } = await aws.account();
    expect(events).toBeGreaterThan(50);
    const units = (title: string) =>
      Object.values(spent.find((one) => one.title === title)?.capacity ?? {}).reduce(
        (sum, one) => sum + one.units,
        0,
      );
    for (const part of ["classify", "outbound-sms", "sms texts", "socket-holder"])
      expect(units(part), part).toBeGreaterThan(0);
  });
});
