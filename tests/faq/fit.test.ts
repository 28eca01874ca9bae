import { fitForSms } from "@holdline/faq";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGsm7 } from "../../packages/channels/text/gsm7.ts";
import { mend } from "../../packages/channels/text/mend.ts";
import { segmentation } from "../../packages/channels/text/segments.ts";

const onPhone = (answerHtml: string, source?: string) =>
  fitForSms({ answer: "whole", answerHtml, ...(source !== undefined && { source }) }, mend);

describe("an answer on a phone", () => {
  it("has its list as lines, its blocks apart and no headings", () => {
    const html = `<h3>Hours</h3><p>We are open:</p><ul><li>Mondays<ul><li>mornings</li></ul></li><li>Fridays</li></ul><ol start="2"><li>Come</li><li>Ask</li></ol><p>Bye.</p>`;
    expect(onPhone(html)).toBe(
      "We are open:\n- Mondays\n- mornings\n- Fridays\n2. Come\n3. Ask\nBye.",
    );
  });

  it("has a table as lines, two cells as name and value", () => {
    const html =
      "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>8 to 5</td></tr><tr><td>a</td><td>b</td><td>c</td></tr></table>";
    expect(onPhone(html)).toBe("Day: Hours\nMonday: 8 to 5\na - b - c");
  });

  it("has each link once, short, and only where it leads somewhere", () => {
    const html = `<p>See <a href="https://www.example.org/faq/?utm_source=x#top">our page</a>, <a href="https://www.example.org/faq/">again</a>, <a href="https://example.org/b">example.org/b</a>, <a href="#x">here</a>, <a href="mailto:help@example.org">write</a> or call <a href="tel:+1555">555</a>. Or https://example.org/c/.</p>`;
    expect(onPhone(html)).toBe(
      "See our page (www.example.org/faq), again, example.org/b, here, write (help@example.org) or call 555. Or example.org/c.",
    );
  });

  it("is cheap: typography that doubles the price becomes plain", () => {
    const said = onPhone("<p>“Wait” – it’s free™ at ≥ 5 °C… • ½ price</p>");
    expect(said).toBe('"Wait" - it\'s free(TM) at >= 5 degrees C... * 1/2 price');
    expect(isGsm7(said)).toBe(true);
  });

  it("keeps letters that mean something, whatever they cost", () => {
    expect(onPhone("<p>Приходите в пять.</p>")).toBe("Приходите в пять.");
  });

  it("says nothing of when the page was touched", () => {
    expect(onPhone("<p>Yes.</p><p>Updated: April 3, 2020</p>")).toBe("Yes.");
    expect(onPhone("<p>Last updated April 3.</p>")).not.toBe("");
  });

  it("ends with a whole sentence and where the rest is, when it is too long", () => {
    const long = `<p>${"This is a sentence of the answer. ".repeat(60)}</p>`;
    const said = onPhone(long, "https://example.org/faq");
    expect(said.length).toBeLessThanOrEqual(1_024);
    expect(said).toMatch(/answer\.\nMore: https:\/\/example\.org\/faq$/);
    expect(onPhone(long, "saved.html")).toMatch(/answer\.\.\.\.$/);
  });

  it("is the plain answer where there is no HTML, or nothing in it", () => {
    expect(fitForSms({ answer: "Plain – as it is." }, mend)).toBe("Plain - as it is.");
    expect(onPhone("<p> </p>")).toBe("whole");
  });

  it("is at most 1,024 characters, never nothing, and never dearer than the words alone", () => {
    const words = fc
      .array(fc.constantFrom("one", "“two”", "it’s", "3–4", "<b>five</b>", "&amp;", "é", "…"), {
        minLength: 1,
        maxLength: 600,
      })
      .map((all) => `<p>${all.join(" ")}</p>`);
    fc.assert(
      fc.property(words, (html) => {
        const answer = html.replace(/<[^>]+>/g, "").replaceAll("&amp;", "&");
        const said = fitForSms({ answer, answerHtml: html }, mend);
        expect(said.length).toBeLessThanOrEqual(1_024);
        expect(said).not.toBe("");
        expect(segmentation(said).segments).toBeLessThanOrEqual(segmentation(answer).segments);
      }),
    );
  });
});
