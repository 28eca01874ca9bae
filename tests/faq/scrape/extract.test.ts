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

  it("keeps what looks like a question in an answer, where the page's questions look otherwise", () => {
    const answer = "<div><p>First:</p><p><b>Are you sick?</b></p><p>Then stay.</p></div>";
    const html = `<main>${["May I come in?", "May I stay in?", "May I sit here?"].map((q) => `<p><b>${q}</b></p>${answer}`).join("")}</main>`;
    expect(said(html)).toEqual([
      ["May I come in?", "First:\nAre you sick?\nThen stay."],
      ["May I stay in?", "First:\nAre you sick?\nThen stay."],
      ["May I sit here?", "First:\nAre you sick?\nThen stay."],
    ]);
  });

  it("takes the form that most of the page's questions have, surer ones in their answers or not", () => {
    const more = "<details><summary>What is five?</summary>A number.</details>";
    const html = `<main>${["Come in?", "Stay in?", "Sit here?"]
      .map((q) => `<h3>${q}</h3><p>Until five.</p>${more}`)
      .slice(0, 2)
      .join("")}<h3>Sit here?</h3><p>Yes.</p></main>`;
    expect(said(html.replace(more, ""))).toEqual([
      ["Come in?", "Until five."],
      ["Stay in?", "Until five.\nWhat is five?\nA number."],
      ["Sit here?", "Yes."],
    ]);
  });

  it("leaves a table of contents out even where it leads nowhere", () => {
    const links = `<ul><li><a href="#x">Q: ${first[0]}</a></li><li><a href="#y">Q: ${second[0]}</a></li></ul>`;
    const below = [first, second].map(([q, a]) => `<h3>Q: ${q}</h3><p>${a}</p>`).join("");
    expect(said(`<main>${links}<section><h2>Hours</h2>${below}</section></main>`)).toEqual([
      first,
      second,
    ]);
  });

  it("leaves tables of contents out, and opens tabs that look like them", () => {
    const links = `<ul><li><a href="#a">${first[0]}</a></li><li><a href="#b">${second[0]}</a></li></ul>`;
    const below = `<h3 id="a">${first[0]}</h3><p>${first[1]}</p><h3 id="b">${second[0]}</h3><p>${second[1]}</p>`;
    expect(said(`<main>${links}${below}</main>`)).toEqual([first, second]);
    const tabs = `<div id="a">${first[1]}</div><div id="b">${second[1]}</div>`;
    expect(said(`<main>${links}${tabs}</main>`)).toEqual([first, second]);
  });

  it("ends an answer before the title of what comes next", () => {
    const one = ([q, a]: readonly string[]) => `<p><b>${q}</b></p><div>${a}</div>`;
    const html = `<main>${one(first)}<p><u>Getting here</u></p>${one(second)}<hr><p>Copyright 2020</p></main>`;
    expect(said(html)).toEqual([first, second]);
  });

  it("takes headings of sections for sections, even when they read like questions", () => {
    const below = [first, second, ["Who pays?", "We do."]]
      .map(([q, a]) => `<h3>${q}</h3><p>${a}</p>`)
      .join("");
    const html = `<main><h2>How It Works</h2><p>All you need to know.</p>${below}</main>`;
    const { pairs } = extract(html);
    expect(pairs.map(({ question }) => question)).toEqual([first[0], second[0], "Who pays?"]);
    expect(pairs[0]?.section).toBe("How It Works");
  });

  it("is one pair when it is about one question, whatever the site says around it", () => {
    const html = `<title>x</title><main><header><h1>${first[0]}</h1><p class="byline">By Staff</p></header><div>${first[1]}</div><div class="related"><a href="/2">${second[0]}</a></div></main>`;
    expect(said(html)).toEqual([first]);
    const plain = html.replace(first[0] as string, "Opening hours");
    expect(said(plain)).toEqual([]);
    expect(extract(plain, "https://example.org/1", "Opening hours?").pairs).toHaveLength(1);
  });

  it("gives links to the pages of questions, and not their first lines", () => {
    const html = `<main><h3><a href="/1">${first[0]}</a></h3><p>Until five, but… Read more</p></main>`;
    const { pairs, links } = extract(html, "https://example.org/faq");
    expect(pairs).toEqual([]);
    expect(links).toEqual([{ href: "https://example.org/1", text: first[0] }]);
  });

  it("has answers in which nothing runs, loads or styles", () => {
    const bad = `<p style="x" onclick="y()">Yes <img src="z"><a href="javascript:q()">a</a> <a href="/b" target="_blank">b</a><iframe src="c"></iframe></p><script>d()</script>`;
    const html = `<details><summary>${first[0]}</summary>${bad}</details>`;
    expect(extract(html, "https://example.org/").pairs[0]?.answerHtml).toBe(
      '<p>Yes <a>a</a> <a href="https://example.org/b">b</a></p>',
    );
  });

  it("recovers a question that a link in it has cut in two", () => {
    const html = `<ul><li><a class="question" href="javascript:x()">Is <a href="/w">this one</a> fine?</a><div class="answer">Yes.</div></li></ul>`;
    expect(said(html)).toEqual([["Is this one fine?", "Yes."]]);
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
