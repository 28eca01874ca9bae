import { extract, extractBounded } from "@holdline/faq";
import { describe, expect, it } from "vitest";

const first = ["How late are you open?", "Until five."];
const second = ["Where do I park?", "Behind the house."];
const forms: Record<string, (pair: readonly string[], at: number) => string> = {
  details: ([q, a]) => `<details><summary>${q}</summary><p>${a}</p></details>`,
  "panels named by their buttons": ([q, a], at) =>
    `<h3><button aria-controls="p${at}">${q}</button></h3><div id="p${at}" hidden>${a}</div>`,
  "definition lists": ([q, a]) => `<dl><dt>${q}</dt><dd>${a}</dd></dl>`,
  "rows of tables": ([q, a]) => `<table><tr><td>${q}</td><td>${a}</td></tr></table>`,
  headings: ([q, a]) => `<h3>${q}</h3><p>${a}</p>`,
  "headings in wrappers": ([q, a]) => `<div><div><h3>${q}</h3></div><div><p>${a}</p></div></div>`,
  "bold paragraphs": ([q, a]) => `<p><b>${q}</b></p><p>${a}</p>`,
  prefixes: ([q, a]) => `<p>Q: ${q}</p><p>A: ${a}</p>`,
};
const said = (html: string) =>
  extract(html).pairs.map(({ question, answer }) => [question, answer]);

describe("a scraped page", () => {
  it.each(Object.entries(forms))("yields the pairs it shows as %s", (_, render) => {
    const html = `<main><h1>FAQ</h1>${[first, second].map(render).join("")}</main>`;
    expect(said(html)).toEqual([first, second]);
  });

  it("yields what it declares as JSON-LD once, shown or not", () => {
    const [name, text] = first;
    const json = JSON.stringify({
      "@type": "FAQPage",
      mainEntity: [{ "@type": "Question", name, acceptedAnswer: { "@type": "Answer", text } }],
    });
    const html = `<script type="application/ld+json">${json}</script><h3>${name}</h3><p>${text} Come early.</p>`;
    expect(said(html)).toEqual([first]);
  });

  it("yields nothing of its navigation, its cookie notice and its footer", () => {
    const around = `<nav><h2>Where to?</h2><p>Home</p></nav><div class="cookie-notice"><h2>Do we use cookies?</h2><p>Yes</p></div>`;
    const html = `${around}<main><h3>${first[0]}</h3><p>${first[1]}</p><p><a href="#top">Back to top</a></p></main><footer><h3>Any questions?</h3><p>Call</p></footer>`;
    expect(said(html)).toEqual([first]);
  });

  it("yields nothing where scripts would have to write it", () => {
    expect(said("<div id=app></div><script>show('What is this?')</script>")).toEqual([]);
  });

  it("is refused when it is nested a thousand tables deep", async () => {
    await expect(extractBounded("<table><tr><td>".repeat(1_000))).rejects.toThrow(
      "nested more than",
    );
  });

  it("is given up when it takes longer than it may", async () => {
    const slow = "<p><b>Why is it so long?</b></p><p>Nobody knows.</p>".repeat(60_000);
    await expect(
      extractBounded(slow, { bounds: { milliseconds: 300, megabytes: 512 } }),
    ).rejects.toThrow("0.3 s");
  });
});
