import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportArchive, openHistory } from "@holdline/archive";
import { conversationKey } from "@holdline/channels";
import { embedded } from "@holdline/embedded";
import { describe, expect, it } from "vitest";
import { business, classified, customer, replies, texts } from "../../support/conversation.ts";
import { ownFolder } from "../../support/folder.ts";
import { desk } from "../ops/desk.ts";
import { history } from "../why/given.ts";

const program = fileURLToPath(new URL("../../../services/holdline.mjs", import.meta.url));
const secret = "0123456789abcdef0123456789abcdef";
const key = conversationKey(secret, "sms-aws", business, customer);

/** The same fact in this conversation. */
const of = <D extends { readonly data: object }>(draft: D, conversationId = key): D => ({
  ...draft,
  key: conversationId,
  data: { ...draft.data, conversationId },
});

/** A folder that a pipeline has left: a text that was answered, and nobody has sent the answer. */
async function left() {
  const folder = ownFolder();
  const { events, said } = history();
  const read = said("ingest", of(texts("help")));
  said("classify", of(classified("help", "nobody", "help")), read);
  const draft = said("classify", of(replies("help", "Text us.", null)), read);
  said("ingest", of(texts("somebody else's"), "c-2"));
  await using data = await embedded({ folder });
  await data.log.publish(events);
  writeFileSync(join(folder, "secret"), `${secret}\n`);
  return { folder, draft };
}

function why(folder: string, ...args: readonly string[]) {
  return whyBeside("1", folder, ...args);
}

/** The same, with a pipeline on this port. */
function whyBeside(port: string, folder: string, ...args: readonly string[]) {
  const env = { HOLDLINE_DATA: folder, HOLDLINE_OPS_PORT: port, HOLDLINE_CONFIG: "/none.json" };
  return new Promise<{ code: number; out: string }>((resolve) => {
    execFile(
      process.execPath,
      [program, "why", ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
    );
  });
}

describe("holdline why", () => {
  it("finds a conversation by the customer's number, however it is spelt, where no pipeline runs", async () => {
    const { folder } = await left();
    const { code, out } = await why(folder, "+1 (425) 555-0182");
    expect(code).toBe(0);
    expect(out).toContain(`Conversation ${key} over sms-aws, ${customer} with ${business}`);
    expect(out).toContain("3 events");
    expect(out).toContain("no pipeline answers");
    expect(out).toContain("outbound-sms has yet to run it: drafted: the answer to HELP");
    expect(out).not.toContain("somebody else's");
  });

  it("finds it by its name and by an event of it, and then shows that event's causes and effects alone", async () => {
    const { folder, draft } = await left();
    expect((await why(folder, key)).out).toContain("classified for nobody");
    const { out } = await why(folder, draft.id, "--json");
    expect(JSON.parse(out)).toMatchObject({
      conversation: key,
      seen: "stopped",
      steps: [{ type: "message.received", ledTo: [{ type: "reply.drafted", ledTo: [] }] }],
    });
  });

  it("asks the pipeline of the folder what it has in hand, and no other folder's", async () => {
    const { log, store, folder, url } = await desk();
    const { events, said } = history();
    said("sms-aws", of(texts("hello"), "c-1"));
    await log.publish(events);
    const position = { line: "sms-aws/message", seq: 0 };
    await store.claim({ stage: "classify", key: "c-1", position }, { leaseMs: 60_000, gapMs: 0 });
    const { port } = new URL(url);
    const here = await whyBeside(port, folder, "c-1", "--json");
    expect(JSON.parse(here.out)).toMatchObject({
      seen: "running",
      waiting: [{ says: "classify has it in hand: read" }],
    });
    const { folder: other } = await left();
    const there = await whyBeside(port, other, key, "--json");
    expect(JSON.parse(there.out)).toMatchObject({ seen: "stopped" });
  });

  it("tells the same from an archive, but for what only a store knows", async () => {
    const { folder, draft } = await left();
    const file = join(folder, "a.ndjson.zst");
    {
      using log = openHistory(folder);
      await exportArchive(log, file);
    }
    const live = JSON.parse((await why(folder, key, "--json")).out);
    const archived = JSON.parse((await why(folder, customer, "--from", file, "--json")).out);
    expect(archived).toMatchObject({ seen: "history", waiting: [] });
    expect(archived.faults).toMatchObject([
      { says: "this history does not tell what outbound-sms made of reply.drafted" },
    ]);
    const byEvent = JSON.parse((await why(folder, draft.id, "--from", file, "--json")).out);
    expect(byEvent).toMatchObject({ conversation: key, steps: [{ ledTo: [{ id: draft.id }] }] });
    const types = (why: { steps: { type: string }[] }) => why.steps.map(({ type }) => type);
    expect(types(archived)).toEqual(types(live));
  });

  it("draws it, and leaves out what is personal when asked to", async () => {
    const { folder } = await left();
    const { out } = await why(folder, key, "--mermaid", "--redact");
    expect(out).toMatch(/^flowchart TD\n/);
    expect(out).not.toContain("Text us");
  });

  it.each([
    ["a number that never wrote", ["+14255550199"], "has no conversation with +12065550100"],
    ["a name nobody has", ["c_nobody"], "no conversation and no event c_nobody"],
    ["nobody", [], "missing required argument"],
    ["what is not there", [key, "--from", "/no/such/place"], "there is no /no/such/place"],
    ["what is no archive", [key, "--from", program], "line 1: not JSON"],
  ])("says what is wrong with %s", async (_, args, fault) => {
    const { folder } = await left();
    const { code, out } = await why(folder, ...args);
    expect(code).toBe(1);
    expect(out).toContain(fault);
    expect(out).not.toContain("    at ");
  });

  it("says that a number cannot be looked up without the secret, and makes none", async () => {
    const { folder } = await left();
    const secret = join(folder, "secret");
    rmSync(secret);
    const { code, out } = await why(folder, customer);
    expect(code).toBe(1);
    expect(out).toContain("set HOLDLINE_SECRET");
    expect(existsSync(secret)).toBe(false);
  });
});
