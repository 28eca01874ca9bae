import { ask, each, escaped, type Make, oldPage, portal, sections } from "./surroundings.ts";

const h2 = (name: string, inner: string) => `<h2>${name}</h2>${inner}`;
const bare = (_: string, inner: string) => inner;

/** Makes that were written when all else was done, to see what the extractor does with what it was never tried on; what failed then was mended since. */
export const freshMakes: Readonly<Record<string, Make>> = {
  servicenow: (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<div class="panel panel-default"><div class="panel-heading" role="tab" id="h-${id}"><h4 class="panel-title"><a role="button" data-toggle="collapse" href="#c-${id}" aria-expanded="false" aria-controls="c-${id}"><i class="fa fa-chevron-right" aria-hidden="true"></i> ${ask(p)}</a></h4></div><div id="c-${id}" class="panel-collapse collapse" role="tabpanel" aria-labelledby="h-${id}"><div class="panel-body">${p.answerHtml}</div></div></div>`,
        h2,
      ),
    ),
  ],
  "modern-sharepoint": (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="CanvasSection"><div data-automation-id="textBox"><div class="rteEmphasis"><h3>${ask(p)}</h3></div><div class="cke_editable">${p.answerHtml}</div></div></div>`,
        (name, inner) => `<div class="collapsibleHeader"><h2>${name}</h2></div>${inner}`,
      ),
    ),
  ],
  "aem-accordion": (pairs) => [
    portal(
      `<div class="cmp-accordion" data-cmp-is="accordion">${each(pairs, (p, id) => `<div class="cmp-accordion__item" id="i-${id}"><h3 class="cmp-accordion__header"><button id="i-${id}-button" class="cmp-accordion__button" aria-controls="i-${id}-panel"><span class="cmp-accordion__title">${ask(p)}</span><span class="cmp-accordion__icon"></span></button></h3><div id="i-${id}-panel" class="cmp-accordion__panel cmp-accordion__panel--hidden" role="region" aria-labelledby="i-${id}-button"><div class="cmp-text">${p.answerHtml}</div></div></div>`, bare)}</div>`,
    ),
  ],
  "underlined-questions": (pairs) => [
    oldPage(each(pairs, (p) => `<p><u>${ask(p)}</u></p><div>${p.answerHtml}</div>`, h2)),
  ],
  "header-cells": (pairs) => [
    oldPage(
      `<table>${pairs.map((p) => `<tr><th scope="row">${ask(p)}</th><td>${p.answerHtml}</td></tr>`).join("")}</table>`,
    ),
  ],
  "word-export": (pairs) => [
    `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>FAQs</title><style>p.MsoNormal{margin:0}</style></head><body lang=EN-US><div class=WordSection1><p class=MsoTitle>FAQs</p>${each(
      pairs,
      (p) =>
        `<p class=MsoListParagraph><b><span style='font-size:12.0pt;font-family:"Arial"'>${ask(p)}<o:p></o:p></span></b></p><div class=MsoNormal>${p.answerHtml}</div><p class=MsoNormal><o:p>&nbsp;</o:p></p>`,
      (name, inner) => `<h1>${name}</h1>${inner}`,
    )}</div></body></html>`,
  ],
  "list-then-answers": (pairs) => [
    portal(
      `<section class="contents"><ol>${pairs.map((p, i) => `<li><a href="#a${i}">${ask(p)}</a></li>`).join("")}</ol></section>${pairs.map((p, i) => `<section id="a${i}"><h2>${ask(p)}</h2><div class="a">${p.answerHtml}</div><a href="#faq-top" class="up">Top</a></section>`).join("")}`,
    ),
  ],
  "freshdesk-each": (pairs) =>
    pairs.map((p) =>
      portal(
        `<section class="article-view"><div class="breadcrumb"><a href="/support/solutions">Solution home</a> FAQ</div><h1 class="heading">${ask(p)} <a href="javascript:print();" class="icon-print">Print</a></h1><p class="article-meta">Modified on: Fri, 3 Apr, 2020 at 1:02 PM</p><article class="article-body" itemprop="articleBody">${p.answerHtml}</article><section id="article-feedback" class="feedback"><p>Did you find it helpful? <a>Yes</a> <a>No</a></p></section></section>`,
        escaped(p.question.replace(/<[^>]+>/g, "")),
      ),
    ),
  "qapage-microdata-mixed": (pairs) => [
    portal(
      `<div itemscope itemtype="https://schema.org/FAQPage">${each(pairs, (p) => `<article itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><h3><span class="num">Q.</span> <span itemprop="name">${ask(p)}</span></h3><div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><span class="num">A.</span><div itemprop="text">${p.answerHtml}</div></div></article>`, bare)}</div>`,
    ),
  ],
  "paragraph-lead-in": (pairs) => [
    portal(
      sections(pairs)
        .map(
          ([name, own]) =>
            `<h2>${escaped(name)}</h2><p>These are the questions we hear most about this. Is yours missing? Tell us.</p>${own.map((p) => `<h4>${ask(p)}</h4><div>${p.answerHtml}</div>`).join("")}`,
        )
        .join(""),
    ),
  ],
};
