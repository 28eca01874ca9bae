import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddedFaqTable } from "@holdline/embedded";
import { livePairs, named, pageReader, type Review, waitingEntries } from "@holdline/faq";
import { describe, expect, it, onTestFinished } from "vitest";
import { type PagesRead, pageReading } from "../../../services/faq/read-pages.ts";
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
  const page = (...questions: readonly string[]) =>
    `<html lang="en"><h1>FAQ</h1>${questions
      .map((question) => `<details><summary>${question}</summary><p>Yes.</p></details>`)
      .join("")}</html>`;

  async function site(pages: Readonly<Record<string, string>>) {
    const server = createServer((request, response) => {
      const html = pages[request.url ?? ""];
      response.writeHead(html === undefined ? 404 : 200, { "content-type": "text/html" });
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, read: pageReader({ allowPrivate: true, paceMs: 0 }) };
  }

  it("takes the pairs of those that are there, and says why of those that are not", async () => {
    const { origin, read } = await site({ "/faq": page("Are you open?", "Are you near?") });
    const [faq, gone] = [`${origin}/faq`, `${origin}/gone`] as const;
    const came = await pageReading({ allowPrivate: true, read })([faq, gone]);
    expect(
      came.pairs.map(({ question, source, language }) => [question, source, language]),
    ).toEqual([
      ["Are you open?", faq, "en"],
      ["Are you near?", faq, "en"],
    ]);
    expect(came.read).toEqual([faq]);
    expect(came.unread).toMatchObject([{ page: gone, why: expect.stringContaining("404") }]);
  });

  it("reads nothing that is not on the public internet unless it is let", async () => {
    const { origin } = await site({ "/faq": page("Are you open?", "Are you near?") });
    const { pairs, unread } = await pageReading({ allowPrivate: false })([`${origin}/faq`]);
    expect(pairs).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});
