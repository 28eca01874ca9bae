import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddedFaqTable } from "@holdline/embedded";
import { livePairs, named, type Review, waitingEntries } from "@holdline/faq";
import { describe, expect, it, onTestFinished } from "vitest";
import { type PagesRead, readPages } from "../../../services/faq/read-pages.ts";
import { syncPages } from "../../../services/faq/sync-pages.ts";
import { at } from "../../support/faq-pairs.ts";
import { ownFolder } from "../../support/folder.ts";

const [one, two] = ["https://example.org/one", "https://example.org/two"] as const;

/** The pairs of a page: as many as are named, each with this answer. */
const page = (source: string, names: string, answer = "Yes.") =>
  named(
    [...names].map((name) => ({
      ...{ question: `Is it ${name}?`, answer, answerHtml: "", section: "", source },
      fetchedAt: at,
    })),
  );

function office(review: Review = "none") {
  const table = embeddedFaqTable(ownFolder());
  onTestFinished(() => table.close());
  const lines: string[] = [];
  const write = (facts: object, words: string) => void lines.push(JSON.stringify([facts, words]));
  const log = { debug: write, info: write, warn: write, error: write };
  const sync = (read: Partial<PagesRead>) =>
    syncPages([one, two], {
      ...{ table, review, log, now: () => new Date(at) },
      readPages: async () => ({ pairs: [], read: [], unread: [], ...read }),
    });
  const questions = async () =>
    livePairs(await table.state())
      .map(({ question }) => question)
      .sort();
  return { table, lines, sync, questions };
}

describe("a sync of pages", () => {
  it("says in numbers what it did, and nothing when there was nothing", async () => {
    const { sync } = office();
    const pairs = [...page(one, "ab"), ...page(two, "c")];
    const nothing = { changed: 0, waiting: 0, shrunk: 0, unread: 0 };
    expect(await sync({ pairs, read: [one, two] })).toEqual({ ...nothing, changed: 3 });
    expect(await sync({ pairs, read: [one, two] })).toEqual(nothing);
  });

  it("leaves a page alone that has far fewer pairs, and syncs the others", async () => {
    const { sync, questions, lines } = office();
    await sync({ pairs: [...page(one, "abcdef"), ...page(two, "x")], read: [one, two] });
    const broken = [...page(one, "a"), ...page(two, "xy")];
    expect(await sync({ pairs: broken, read: [one, two] })).toMatchObject({
      changed: 1,
      shrunk: 1,
    });
    expect(await questions()).toHaveLength(8);
    expect(lines.join()).toContain(one);
    expect(await sync({ pairs: page(two, "xy"), read: [one, two] })).toMatchObject({ shrunk: 1 });
    expect(await questions()).toHaveLength(8);
  });

  it("leaves a page alone that could not be read", async () => {
    const { sync, questions } = office();
    await sync({ pairs: [...page(one, "ab"), ...page(two, "c")], read: [one, two] });
    const unread = [{ page: one, why: "timeout" }];
    expect(await sync({ pairs: page(two, "d"), read: [two], unread })).toMatchObject({
      ...{ changed: 2, unread: 1 },
    });
    expect(await questions()).toEqual(["Is it a?", "Is it b?", "Is it d?"]);
  });

  it("lets what is changed wait where the settings say so", async () => {
    const { sync, table } = office("changed");
    await sync({ pairs: page(one, "ab"), read: [one] });
    const changed = page(one, "ab", "No.");
    expect(await sync({ pairs: changed, read: [one] })).toMatchObject({ changed: 2, waiting: 2 });
    expect(await sync({ pairs: changed, read: [one] })).toMatchObject({ changed: 0 });
    const state = await table.state();
    expect(livePairs(state).map(({ text }) => text)).toEqual(["Yes.", "Yes."]);
    expect(waitingEntries(state)).toHaveLength(2);
  });
});

describe("reading pages", () => {
  it("takes the pairs of those that are there, and says why of those that are not", async () => {
    const html = "<details><summary>Are you open?</summary><p>Yes.</p></details>";
    const server = createServer((request, response) => {
      if (request.url === "/faq")
        response.end(`<h1>FAQ</h1>${html}${html.replace("open", "near")}`);
      else if (request.url === "/large") response.end("x".repeat(5_000_001));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [faq, large, gone] = ["/faq", "/large", "/gone"].map((path) => `${origin}${path}`);
    const { pairs, read, unread } = await readPages([faq, large, gone] as string[]);
    expect(pairs.map(({ question, source }) => [question, source])).toEqual([
      ["Are you open?", faq],
      ["Are you near?", faq],
    ]);
    expect(read).toEqual([faq]);
    expect(unread).toEqual([
      { page: large, why: "Error: more than 5000000 bytes" },
      { page: gone, why: "Error: HTTP 404" },
    ]);
  });
});
