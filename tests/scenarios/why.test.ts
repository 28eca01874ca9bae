import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Town, town } from "./town.ts";

const number = "+14255550182";
const root = new URL("../../", import.meta.url);
const program = fileURLToPath(new URL("services/holdline.mjs", root));
const page = readFileSync(new URL("docs/operating.md", root), "utf8");

/** What `holdline why` prints of this town's customer. */
async function why(the: Town, ...args: readonly string[]): Promise<string> {
  const env = { HOLDLINE_DATA: the.folder, HOLDLINE_OPS_PORT: new URL(the.opsUrl).port };
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [program, "why", ...args], {
    env: { ...process.env, ...env },
  });
  return stdout;
}

/** What differs from run to run, by what it is: times, spans, names of conversations, chats and events. */
const masked = (transcript: string): string =>
  transcript
    .replace(/\bc_[a-z2-7]{32}\b/g, "<conversation>")
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<chat>")
    .replace(/\b[0-9a-f]{32}\b/g, "<event>")
    .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, "<date>")
    .replace(/\d\d:\d\d:\d\d\.\d{3}/g, "<time>")
    .replace(/\b\d+(\.\d)? (ms|s|min|h)\b/g, "<span>")
    .replace(/\d+ events/g, "<count> events")
    .replace(/ +/g, " ")
    .replace(/\n+/g, "\n")
    .trim();

/** The transcript that docs/operating.md shows under a heading. */
function shown(heading: string): string {
  const [, section = ""] = page.split(`### ${heading}\n`);
  const [block = ""] = section.split(/\n#+ /);
  const lines = block.split("\n").filter((line) => line.startsWith("    "));
  return lines.map((line) => line.slice(4)).join("\n");
}

/** Holds what was printed against the page, which must show it as it is. */
function expectShown(heading: string, whom: string, transcript: string) {
  const printed = `npx holdline why ${whom}\n${transcript}`;
  expect(masked(printed), `docs/operating.md, ${heading}:\n${printed}`).toBe(
    masked(shown(heading)),
  );
}

/** A YES that is answered by the queue alone, however slow the machine is. */
const patient = { limits: { yesUnansweredSeconds: 600 } };

/** Waits for `texts` texts to be on the phone for good. */
async function settled(the: Town, texts: number) {
  await the.until(`${texts} texts to be delivered`, async () => {
    const last = (await the.events()).filter(
      ({ type, data }) => type === "reply.delivered" && (data as { final: boolean }).final,
    );
    return last.length >= texts ? true : undefined;
  });
}

describe("why a conversation is where it is", () => {
  it("is that the carrier throttles, while it does", async () => {
    const the = await town();
    await the.faults({ throttle: { operation: "SendTextMessage" } });
    await the.call(number);
    const transcript = await the.until("the carrier's answer", async () => {
      const said = await why(the, number);
      return said.includes("tries again") ? said : undefined;
    });
    expect(transcript).toContain("carrier-throttled: outbound-sms tries again");
    expectShown("The carrier throttles", number, transcript);

    await the.noFaults();
    await the.phone(number).receives(/go on by text/);
    await the.happens("reply.delivered", { final: true });
    expect(await why(the, number)).toContain("Nothing went wrong");
  });

  it("is that an event was given up on: the dead letter, its code, and what the customer was told", async () => {
    const the = await town(patient);
    const phone = the.phone(number);
    await the.call(number);
    await phone.receives(/go on by text/);
    await phone.texts("yes");
    await phone.receives(/number 1 in line/);
    await the.faults({
      fail: { operation: "RecognizeText", error: "InternalServerException", times: 99 },
    });
    await phone.texts("when are you open?");
    await phone.receives(/I don't know that one/);
    await settled(the, 3);
    const [letter] = await the.ask<{ id: string }[]>("GET", `${the.opsUrl}/dlq`);
    const transcript = await why(the, number);
    expect(transcript).toContain("bot-unavailable: bot-reply gave up on message.classified");
    expect(transcript).toContain(`dead letter ${letter?.id}`);
    expectShown("The bot was given up on", number, transcript);
  });

  it("is that the chat ended while a text was on its way into it; and the text went into another", async () => {
    const the = await town(patient);
    const phone = the.phone(number);
    const maria = the.agent("Maria");
    await phone.texts("hello");
    await phone.receives(/Reply YES to start/);
    await phone.texts("yes");
    await phone.receivesBoth(/number 1 in line/, /I don't know/);
    await maria.is("available");
    await phone.receives(/Maria has joined/);
    await maria.is("offline");
    await the.faults({ delayMs: 3_000 });
    await phone.texts("one more thing");
    await the.happens("message.classified", { text: "one more thing", route: "agent" });
    await maria.ends();
    const { id } = await the.happens("relay.refused", { reason: "contact-ended" });
    await the.noFaults();
    await phone.receivesBoth(/This chat has ended/, /we opened a new one with your text/);
    await settled(the, 6);
    await the.until("the new chat in the queue", async () => {
      const queued = (await the.events()).filter(({ type }) => type === "chat.queued");
      return queued.length === 2 ? true : undefined;
    });
    expect(await why(the, number)).toContain("A chat is open");
    const transcript = await why(the, id);
    expect(transcript).toContain(
      "contact-ended: the customer's text did not reach the agent's chat",
    );
    expectShown("The chat ended in the middle of a text", id, transcript);
  });
});
