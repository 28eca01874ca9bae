import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { folderMatcher } from "../../../services/faq.ts";
import { ownFolder } from "../../support/folder.ts";

const program = fileURLToPath(new URL("../../../services/holdline.mjs", import.meta.url));

/** A folder, and `holdline faq` in it. */
function office() {
  const folder = ownFolder();
  const env = { ...process.env, HOLDLINE_DATA: join(folder, "data"), AWS_ENDPOINT_URL: "" };
  const faq = (args: readonly string[], input = "") =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [program, "faq", ...args],
        { env, cwd: folder },
        (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
      );
      child.stdin?.end(input);
    });
  return { folder, data: join(folder, "data"), faq };
}

const lines = (...pairs: readonly object[]) => pairs.map((pair) => JSON.stringify(pair)).join("\n");
const hours = { id: "hours", question: "When are you open?", answer: "Nine to five." };
const place = { id: "place", question: "Where is the office?", answer: "In the town hall." };
const later = { ...hours, answer: "Ten to six." };

describe("holdline faq", () => {
  it("loads a file, says what another would change, and exits by it", async () => {
    const { folder, faq } = office();
    const file = join(folder, "faq.ndjson");
    writeFileSync(file, lines(hours, place));
    expect(await faq(["load", file])).toEqual({ code: 0, out: "2 added; revision 1\n" });
    expect((await faq(["diff", file])).code).toBe(0);
    const different = await faq(["diff", "-"], lines(later));
    expect(different.code).toBe(2);
    expect(different.out).toMatch(/~ hours .*\n {4}was: Nine to five\.\n {4}is: {2}Ten to six\./);
    expect(different.out).toMatch(/- place/);
    const json = JSON.parse((await faq(["diff", "--json", "-"], lines(later))).out);
    expect(json.changes.map(({ change }: { change: string }) => change)).toEqual([
      "changed",
      "removed",
    ]);
  });

  it("makes a changed answer wait where the settings say so, until somebody approves it", async () => {
    const { folder, faq } = office();
    await faq(["load", "-"], lines(hours, place));
    writeFileSync(join(folder, "holdline.config.json"), '{"faq": {"review": "changed"}}');
    expect((await faq(["sync", "-"], lines(later, place))).out).toContain(
      "1 changed, of these 1 to be reviewed",
    );
    expect((await faq(["review", "list"])).code).toBe(2);
    expect((await faq(["review", "approve", "hours"])).out).toContain("1 approved; revision 3");
    expect((await faq(["history", "hours"])).out).toMatch(
      /added.*\n.*waiting.*\n.*approved .*Ten to six/,
    );
    expect((await faq(["rollback", "hours"])).out).toContain("hours says version 1 again");
  });

  it("refuses a page that has far fewer pairs than it had, unless it is forced", async () => {
    const { faq } = office();
    const source = "https://example.org/faq";
    const hash = "0".repeat(64);
    const scraped = Array.from({ length: 8 }, (_, n) => ({
      ...{
        id: `p${n}`,
        question: `What about ${n}?`,
        answer: "It is.",
        answerHtml: "<p>It is.</p>",
      },
      ...{ section: "", source, fetchedAt: "2026-01-01T00:00:00.000Z", hash },
    }));
    await faq(["load", "-"], lines(...scraped));
    const refused = await faq(["sync", "-"], lines(...scraped.slice(0, 3)));
    expect(refused.code).toBe(3);
    expect(refused.out).toContain(`! ${source}: had 8 pairs, has 3`);
    const forced = await faq(["sync", "--force", "-"], lines(...scraped.slice(0, 3)));
    expect(forced).toEqual({ code: 0, out: "5 removed; revision 2\n" });
  });

  it.each([
    { given: ["load", "nowhere"], words: "nowhere cannot be read (ENOENT)" },
    { given: ["load", "-"], words: "no pairs; nothing was changed" },
    { given: ["history", "nobody"], words: "there is no pair nobody" },
    { given: ["review", "approve"], words: "name the ids, or give --all" },
    { given: ["build", "lex-v2"], words: "the table has no pairs" },
    { given: ["build", "lex-v2", "--threshold", "2"], words: "a number from 0 to 1" },
    { given: ["diff", "--table", "faq", "-"], input: lines(hours), words: "AWS_REGION is not set" },
  ])("says what is wrong with $given", async ({ given, input, words }) => {
    const { code, out } = await office().faq(given, input);
    expect(code).toBe(1);
    expect(out).toContain(words);
  });
});

describe("the bot of one machine", () => {
  it("answers from what was loaded, and from what is loaded while it runs", async () => {
    const { data, faq } = office();
    await faq(["load", "-"], lines(hours, place));
    const answers = await folderMatcher(undefined, data);
    expect(answers.match("when do you open", "en_US")?.answer).toBe("Nine to five.");
    await faq(["load", "-"], lines(later, place));
    while (answers.match("when do you open", "en_US")?.answer !== "Ten to six.")
      await new Promise((resolve) => setTimeout(resolve, 50));
    answers.close();
  });

  it("answers from ours where nothing was, and from a file that is named before all else", async () => {
    const { data, faq, folder } = office();
    const ours = await folderMatcher(undefined, data);
    expect(ours.match("when are you open", "en_US")?.intent).toBe("opening_hours");
    // Nothing of it but "address" is in a question; what it means is, and that is read in English.
    expect(ours.match("my address is different now", "en_US")?.intent).toBe("change_address");
    expect(ours.match("my address is different now", "es_US")).toBeUndefined();
    await faq(["load", "-"], lines(place));
    const file = join(folder, "named.ndjson");
    writeFileSync(file, lines(hours));
    const named = await folderMatcher(file, data);
    expect(named.match("when are you open", "en_US")?.answer).toBe("Nine to five.");
  });
});
