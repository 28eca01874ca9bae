import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { exportArchive, openHistory, verifyArchive } from "@holdline/archive";
import { conversationKey } from "@holdline/channels/reading";
import { embedded } from "@holdline/embedded";
import { type Event, InboundArrived } from "@holdline/events";
import { derivedId } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { killDrill } from "../../services/drill/kill.ts";
import { conversationSecret } from "../../services/secret.ts";
import { root } from "../house/sources.ts";
import { ownFolder } from "../support/folder.ts";
import { business, type Town, town } from "./town.ts";

const run = promisify(execFile);
const number = "+14255550182";

/** A command of ours, in a process of its own: its output and its exit status. */
const holdline = (args: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, [join(root, "services/holdline.mjs"), ...args], {
    env: { PATH: process.env.PATH, HOLDLINE_SPEED: "10", HOLDLINE_QUOTAS: "off", ...env },
  }).then(
    ({ stdout }) => ({ status: 0, stdout, stderr: "" }),
    ({ code, stdout, stderr }) => ({
      status: code as number,
      stdout: `${stdout}`,
      stderr: `${stderr}`,
    }),
  );

/** Offered, answered by the bot, taken over by an agent, ended. */
async function story(the: Town) {
  const phone = the.phone(number);
  const maria = the.agent("Maria");
  await the.call(number);
  await phone.receives(/Reply YES/);
  await phone.texts("yes");
  await phone.receives(/number 1 in line/);
  await phone.texts("when are you open?");
  await phone.receives(/We open at nine/);
  await phone.texts("what is the meaning of life?");
  await phone.receives(/I don't know that one/);
  await maria.is("available");
  await phone.receives(/Maria has joined/);
  await maria.says("Hello!");
  await phone.receives(/^Hello!$/);
  await maria.ends();
  await phone.receives(/This chat has ended/);
}

const received = async (the: Town) => {
  const path = `/_sim/phones/${encodeURIComponent(number)}/texts`;
  return (await the.ask<readonly { text: string }[]>("GET", path)).map(({ text }) => text);
};

describe("the history of a day", { timeout: 120_000 }, () => {
  it("is said again to the byte while the day goes on, from its folder and from any archive of it", async () => {
    const the = await town();
    const { folder, config } = the;
    const env = { HOLDLINE_DATA: folder, HOLDLINE_CONFIG: config };
    await story(the);
    const out = ownFolder();
    const file = join(out, "a.ndjson");
    expect((await holdline(["archive", "export", file], env)).status).toBe(0);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const events = lines.findIndex((line) => line.startsWith('{"conversations"'));
    const shuffled = join(out, "shuffled.ndjson");
    const backwards = [lines[0], ...lines.slice(1, events).reverse(), ...lines.slice(events)];
    writeFileSync(shuffled, `${backwards.join("\n")}\n`);
    for (const history of [folder, file, shuffled]) {
      const { status, stdout } = await holdline(["replay", history, "--diff"], env);
      expect([status, stdout]).toEqual([
        0,
        expect.stringMatching(/ 0 differ, .* 0 not to be told/),
      ]);
    }
    const one = await holdline(["replay", file, "--phone", number, "--stage", "classify"], env);
    expect(one.stdout).toContain('= reply.drafted "Maria has joined');
  });

  it("shows exactly the texts that another wording alters", async () => {
    const the = await town();
    await story(the);
    const wording = { stumped: "No idea, sorry." };
    const numbers = [
      { address: business, flow: "sms-chat", queue: "sms", partsPerSecond: 10, wording },
    ];
    const changed = join(ownFolder(), "changed.json");
    writeFileSync(changed, JSON.stringify({ organisation: "Acme", numbers }));
    const env = { HOLDLINE_CONFIG: changed };
    const { status, stdout } = await holdline(["replay", the.folder, "--diff"], env);
    expect(status).toBe(1);
    expect(stdout.split("\n").filter((line) => /^ +[-+~] /.test(line))).toEqual([
      expect.stringMatching(/^ +- reply.drafted "Sorry, I don't know that one/),
      '    + reply.drafted "No idea, sorry."',
    ]);
    expect(stdout).toContain("texts: 1 altered, 0 added, 0 dropped; other events: 0 altered");
    const json = await holdline(["replay", the.folder, "--diff", "--json"], env);
    const rows = json.stdout
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(rows).toMatchObject([
      { stage: "classify", verdict: "differs", changes: [{ differing: ["data.text"] }] },
      { summary: { differ: 1, texts: { altered: 1 } } },
    ]);
  });

  it("is whole after the pipeline was killed in the middle of traffic, and said again to the byte", async () => {
    const drill = { conversations: 12, kills: 2, livesMs: 1_000, withinMs: 150_000 };
    const { folder, killed } = await killDrill(drill);
    expect(killed).toBe(2);
    const file = join(ownFolder(), "a.ndjson.zst");
    using history = openHistory(folder);
    const events = await exportArchive(history, file);
    expect(await verifyArchive(file)).toEqual({ events, faults: [] });
    const { status, stdout } = await holdline(["replay", file, "--diff"], { HOLDLINE_SPEED: "1" });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^12 conversations, .* 0 differ/)]);
  }, 200_000);
});

describe("refeeding", { timeout: 120_000 }, () => {
  it("texts nobody twice: all of a day that was run is passed over", async () => {
    const the = await town();
    await story(the);
    const before = await received(the);
    const env = { HOLDLINE_OPS_PORT: new URL(the.opsUrl).port };
    const { status, stdout } = await holdline(["refeed", the.folder, "--yes"], env);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/were run then.*\nnothing is to be refed/),
    ]);
    expect(await received(the)).toEqual(before);
  });

  it("gives the pipeline what came in and was never run, once", async () => {
    const the = await town();
    const folder = await lost(the);
    const env = { HOLDLINE_OPS_PORT: new URL(the.opsUrl).port };
    // Nobody is there to be asked.
    const unasked = await holdline(["refeed", folder], env);
    expect(unasked.status).toBe(1);
    expect(unasked.stdout).toMatch(/would be refed\n$/);
    expect(unasked.stderr).toContain("nothing was refed: nobody is there to be asked; say --yes");
    expect(unasked.stderr + unasked.stdout).not.toContain(number);
    const phone = the.phone(number);
    expect((await holdline(["refeed", folder, "--yes"], env)).stdout).toMatch(/: refed\n$/);
    await phone.receives(/Reply YES/);
    const after = await received(the);
    const again = await holdline(["refeed", folder, "--yes"], env);
    expect(again.stdout).toMatch(/this pipeline has it already\nnothing is to be refed/);
    expect(await received(the)).toEqual(after);
  });

  it("takes no event that a stage has said", async () => {
    const the = await town();
    await story(the);
    const drafted = (await the.events()).find(({ type }) => type === "reply.drafted");
    const env = { HOLDLINE_OPS_PORT: new URL(the.opsUrl).port };
    const given = ["refeed", the.folder, "--yes", "--event", drafted?.id ?? ""];
    const { status, stderr } = await holdline(given, env);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/is reply.drafted; only inbound.arrived and/),
    ]);
  });
});

/** A folder with a text that came in and that no stage has run, as if the machine had died just then. */
async function lost(the: Town): Promise<string> {
  const folder = ownFolder();
  const key = conversationKey(
    conversationSecret(the.folder, undefined),
    "sms-aws",
    business,
    number,
  );
  const time = new Date().toISOString();
  const raw = JSON.stringify({
    ...{ originationNumber: number, destinationNumber: business },
    ...{ messageBody: "hello?", inboundMessageId: "lost-1" },
  });
  const draft = InboundArrived({
    ...{ conversationId: key, channel: "sms-aws", raw, carrierId: "lost-1" },
    ...{ carrierTime: time, arrivedAt: time },
  });
  const event: Event = {
    ...draft,
    ...{
      id: derivedId("sms-aws/lost-1"),
      time,
      cause: null,
      heard: {},
      effects: [],
      replay: false,
    },
    position: { stream: `sms-aws/inbound/${key}`, seq: 0 },
  };
  await using data = await embedded({ folder });
  await data.log.publish([event]);
  expect(existsSync(join(folder, "holdline.db"))).toBe(true);
  return folder;
}
