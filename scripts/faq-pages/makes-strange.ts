import { ask, each, escaped, type Make, oldPage, portal, sections } from "./surroundings.ts";

const h2 = (name: string, inner: string) => `<h2>${name}</h2>${inner}`;
const bare = (_: string, inner: string) => inner;

/** Makes by hand and by habit: what stands in no theme's manual. Written after the first held-out figures; what failed then was mended since. */
export const strangeMakes: Readonly<Record<string, Make>> = {
  "headings-loose": (pairs) => [
    portal(each(pairs, (p) => `<h3>${ask(p)}</h3>\n${p.answerHtml}\n`, h2)),
  ],
  grid: (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="row"><div class="col-md-4"><strong>${ask(p)}</strong></div><div class="col-md-8">${p.answerHtml}</div></div>`,
        h2,
      ),
    ),
  ],
  labelled: (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="entry"><div class="entry-q"><span class="label">Question</span><p>${ask(p)}</p></div><div class="entry-a"><span class="label">Answer</span><div>${p.answerHtml}</div></div></div>`,
        bare,
      ),
    ),
  ],
  "script-links": (pairs) => [
    oldPage(
      each(
        pairs,
        (p, id) =>
          `<p><a href="javascript:toggle('${id}')">${ask(p)}</a></p><div id="${id}" style="display:none">${p.answerHtml}</div>`,
        h2,
      ),
    ),
  ],
  "onclick-divs": (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<div class="rw"><div class="hd" onclick="show('${id}')"><span>${ask(p)}</span><em>+</em></div><div class="bd" id="${id}">${p.answerHtml}</div></div>`,
        bare,
      ),
    ),
  ],
  "nested-accordions": (pairs) => [
    portal(
      sections(pairs)
        .map(
          ([name, own], s) =>
            `<div class="cat"><h2><button aria-expanded="false" aria-controls="cat${s}">${escaped(name)}</button></h2><div id="cat${s}" aria-hidden="true">${own.map((p, i) => `<div><h3><button aria-expanded="false" aria-controls="c${s}p${i}">${ask(p)}</button></h3><div id="c${s}p${i}" aria-hidden="true">${p.answerHtml}</div></div>`).join("")}</div></div>`,
        )
        .join(""),
    ),
  ],
  "role-headings": (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="css-1x"><div role="heading" aria-level="3"><div role="button" tabindex="0" aria-expanded="false" class="css-9y"><div>${ask(p)}</div><div aria-hidden="true">▾</div></div></div><div class="css-0a"><div class="css-0b">${p.answerHtml}</div></div></div>`,
      ),
    ),
  ],
  "numbered-letters": (pairs) => [
    oldPage(
      pairs
        .map((p, i) => `<p><b>Q${i + 1}. ${ask(p)}</b></p><div>A${i + 1}. ${p.answerHtml}</div>`)
        .join("\n"),
    ),
  ],
  "plain-paragraphs": (pairs) => [
    portal(each(pairs, (p) => `<p>${ask(p)}</p><div>${p.answerHtml}</div>`, h2)),
  ],
  "blog-furniture": (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<section class="qa-block"><h3>${ask(p)} <button class="copy-link" aria-label="Copy link">Copy link</button></h3><div class="qa-text">${p.answerHtml}</div><p class="share-this">Share: <a href="#">Facebook</a> <a href="#">X</a></p><div class="related"><a href="/q/9">What else should I know?</a></div></section>`,
      ),
    ),
  ],
  "mobile-and-desktop": (pairs) => [
    portal(
      `<div class="desktop-only">${each(pairs, (p, id) => `<div><h4><a class="acc-btn" data-bs-toggle="collapse" data-bs-target="#d${id}" href="#d${id}">${ask(p)}</a></h4><div id="d${id}" class="collapse">${p.answerHtml}</div></div>`, bare)}</div><div class="mobile-only">${each(pairs, (p) => `<details><summary>${ask(p)}</summary>${p.answerHtml}</details>`, bare)}</div>`,
    ),
  ],
  "title-rows": (pairs) => [
    oldPage(
      `<table class="data">${pairs.map((p) => `<tr><th colspan="2" align="left">${ask(p)}</th></tr><tr><td width="20">&nbsp;</td><td>${p.answerHtml}</td></tr>`).join("")}</table>`,
    ),
  ],
  "definition-loose": (pairs) => [
    oldPage(
      `<dl>${pairs.map((p) => `<dt><p><a name="x"></a><i>${ask(p)}</i></p><dd>${p.answerHtml}`).join("\n")}</dl>`,
    ),
  ],
  "styled-spans": (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="sc-a"><div class="sc-q1x">${ask(p)}</div><div class="sc-a9z">${p.answerHtml}</div></div>`,
        (name, inner) => `<div class="sc-t">${name}</div>${inner}`,
      ),
    ),
  ],
  "section-title-attr": (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<article id="${id}"><header><h4>${ask(p)}</h4></header><div>${p.answerHtml}</div><footer>Filed under: general</footer></article>`,
      ),
    ),
  ],
  "tab-list": (pairs) => [
    portal(
      `<ul class="nav nav-tabs">${pairs.map((p, i) => `<li><a data-toggle="tab" href="#tab${i}">${ask(p)}</a></li>`).join("")}</ul><div class="tab-content">${pairs.map((p, i) => `<div id="tab${i}" class="tab-pane fade">${p.answerHtml}</div>`).join("")}</div>`,
    ),
  ],
};
