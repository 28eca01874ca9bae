import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageReader, type ScrapedPair } from "@holdline/faq";
import { describe, expect, it, onTestFinished } from "vitest";
import { scrapePages } from "../../../services/faq/scrape.ts";

const page = (main: string) =>
  `<!doctype html><html lang="en"><title>Help Center</title><main><h1>Help</h1>${main}</main></html>`;
const read = pageReader({ allowPrivate: true, paceMs: 0 });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pages = (all: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  const url = serve(({ url: path = "" }, response) => {
    asked.push(path);
    const html = all[path];
    response.writeHead(html ? 200 : 404, { "content-type": "text/html" }).end(html);
  });
  return { url, asked };
};

async function scraped(places: readonly string[], more: { source?: string; follow?: number } = {}) {
  const pairs: ScrapedPair[] = [];
  const failures: string[] = [];
  const notes: string[] = [];
  await scrapePages(
    places,
    { read, follow: 10, ...more },
    {
      pair: (pair) => pairs.push(pair),
      page() {},
      failed: (_, { message }) => failures.push(message),
      note: (text) => notes.push(text),
    },
  );
  return { pairs, failures, notes };
}

function fileOf(html: string): string {
  const folder = mkdtempSync(join(tmpdir(), "holdline-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  return file;
}

describe("scraping", () => {
  it("gives pairs of a page with their source, language and links whole", async () => {
    const { url } = pages({
      "/faq": page(
        `<details><summary>How?</summary></details><h2>Hours</h2><details><summary>When are you open?</summary><p onclick="x()">At <a href="/eight">eight</a>.</p><script>1</script></details>`,
      ),
    });
    const { pairs } = await scraped([`${await url}/faq#hours`]);
    expect(pairs).toMatchObject([
      {
        question: "When are you open?",
        answer: "At eight.",
        answerHtml: `<p>At <a href="${await url}/eight">eight</a>.</p>`,
        section: "Hours",
        source: `${await url}/faq`,
        language: "en",
      },
    ]);
  });

  it("follows questions to pages of the same site, each once, and only so many", async () => {
    const elsewhere = pages({ "/q": page("<h2>Is this ours?</h2><p>No.</p>") });
    const { url, asked } = pages({
      "/": page(
        `<ul><li><a href="/1">How do I pay?</a></li><li><a href="/1#again">How do I pay?</a></li><li><a href="/2">Opening an account, how?</a></li><li><a href="/3">Where do I park?</a></li><li><a href="${await elsewhere.url}/q">Is this ours?</a></li><li><a href="/about">About us</a></li></ul>`,
      ),
      "/1": `<title>Help Center</title><main><h1>Paying</h1><p>In cash.</p></main>`,
      "/2": `<title>x</title><main><h1>Opening an account, how?</h1><p>Ask.</p></main>`,
    });
    const { pairs, notes } = await scraped([`${await url}/`], { follow: 2 });
    expect(pairs.map(({ question, answer }) => [question, answer])).toEqual([
      ["Paying", "In cash."],
      ["Opening an account, how?", "Ask."],
    ]);
    expect(pairs[0]?.source).toBe(`${await url}/1`);
    expect(asked).toEqual(["/robots.txt", "/", "/1", "/2"]);
    expect(elsewhere.asked).toEqual([]);
    expect(notes).toEqual([expect.stringContaining("leads to 3 questions, of which 2 are read")]);
  });

  it("reads saved pages where they came from, and asks nobody for what they link to", async () => {
    const { url, asked } = pages({});
    const source = `${await url}/faq`;
    const file = fileOf(
      page(
        `<p><a href="/2">How do I pay?</a></p><h3>When?</h3><p>Now, <a href="/why">why not?</a></p>`,
      ),
    );
    const { pairs } = await scraped([file], { source });
    expect(pairs[0]?.answerHtml).toContain(`href="${await url}/why"`);
    expect(pairs[0]?.source).toBe(source);
    expect(asked).toEqual([]);
  });

  it("gives no page twice", async () => {
    const { url } = pages({ "/": page("<h3>When is it?</h3><p>Now.</p>") });
    const { pairs, failures } = await scraped([`${await url}/`, `${await url}/#x`]);
    expect(pairs).toHaveLength(1);
    expect(failures).toEqual([expect.stringContaining("read already")]);
  });

  it.each([
    [
      "a page that scripts write",
      page("").replace("</main>", "</main><script>app()</script>"),
      /empty without its scripts/,
    ],
    ["a page with no questions", page("<p>We sell bread.</p>"), /no question with an answer/],
    [
      "a page of a thousand tables in one another",
      "<table><tr><td>".repeat(1_000),
      /nested more than/,
    ],
    [
      "a page of a hundred thousand",
      "<table><tr><td>".repeat(100_000),
      /nested more than|needs more than/,
    ],
  ])("says of %s why it has no pairs", { timeout: 60_000 }, async (_, html, reason) => {
    const { pairs, failures } = await scraped([fileOf(html)]);
    expect(pairs).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(reason)]);
  });

  it("says of a file what is wrong with it, and goes on with the next", async () => {
    const large = fileOf("x".repeat(5_000_001));
    const letters = fileOf("");
    writeFileSync(letters, Buffer.from('<meta charset="utf-8"><p>\xff\xfe', "latin1"));
    const good = fileOf(page("<h3>When is it?</h3><p>Now.</p>"));
    const { pairs, failures } = await scraped(["nowhere.html", tmpdir(), large, letters, good]);
    expect(failures).toEqual([
      expect.stringContaining("no such file"),
      expect.stringContaining("a folder"),
      expect.stringContaining("larger than 5,000,000 bytes"),
      expect.stringContaining("says it is UTF-8 and is not"),
    ]);
    expect(pairs).toHaveLength(1);
  });
});
