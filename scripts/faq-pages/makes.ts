import { ask, each, escaped, type Make, sections } from "./surroundings.ts";

const faqTitle = "Frequently Asked Questions";

/** What stands around an FAQ on a real page. */
const page = (main: string, head = "", title = faqTitle): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} | Department of Health</title>${head}
<script>window.dataLayer=[{"q":"What is this?"}];</script><style>.x{color:red}</style></head><body class="page-faq">
<a class="skip-link" href="#main">Skip to main content</a>
<div class="cookie-notice" id="cookie-consent"><h2>Do we use cookies?</h2><p>We use cookies. <button>Accept</button></p></div>
<header role="banner"><div class="logo"><a href="/">Department of Health</a></div>
<nav><ul><li><a href="/about">About</a></li><li><a href="/faq">FAQs</a></li><li><a href="/help">Need help?</a></li></ul></nav></header>
<ol class="breadcrumb"><li><a href="/">Home</a></li><li>FAQ</li></ol>
<main id="main"><h1>${title}</h1>${title === faqTitle ? '<p class="intro">Find answers to what people ask us most.</p>' : ""}
<div class="share-links"><a href="#">Share this page</a> <a href="#">Tweet</a></div>
${main}
<div class="page-feedback"><h3>Was this page helpful?</h3><button>Yes</button><button>No</button></div></main>
<aside><h2>Have more questions?</h2><p>Call 1-800-555-0100.</p></aside>
<footer><h2>Contact us</h2><p>100 Main Street</p></footer></body></html>`;

const top = '<p><a href="#main">Back to top</a></p>';

/** The makes, by name. */
export const makes: Readonly<Record<string, Make>> = {
  "json-ld": (pairs) => [
    page(
      "<div id=app></div>",
      `<script type="application/ld+json">${JSON.stringify({
        "@context": "https://schema.org",
        "@graph": [
          {
            "@type": "FAQPage",
            mainEntity: pairs.map(({ question, answerHtml }) => ({
              "@type": "Question",
              name: question,
              acceptedAnswer: { "@type": "Answer", text: answerHtml },
            })),
          },
        ],
      }).replaceAll("</", "<\\/")}</script>`,
    ),
  ],
  microdata: (pairs) => [
    page(
      `<div itemscope itemtype="https://schema.org/FAQPage">${each(pairs, (p) => `<div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><h3 itemprop="name">${ask(p)}</h3><div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer"><div itemprop="text">${p.answerHtml}</div></div></div>`)}</div>`,
    ),
  ],
  rdfa: (pairs) => [
    page(
      `<div vocab="https://schema.org/" typeof="FAQPage">${each(pairs, (p) => `<div property="mainEntity" typeof="Question"><h3 property="name">${ask(p)}</h3><div property="acceptedAnswer" typeof="Answer"><div property="text">${p.answerHtml}</div></div></div>`)}</div>`,
    ),
  ],
  details: (pairs) => [
    page(
      each(
        pairs,
        (p) =>
          `<details><summary><span class="icon">+</span> ${ask(p)}</summary><div>${p.answerHtml}</div></details>`,
      ),
    ),
  ],
  "details-nested": (pairs) => [
    page(
      sections(pairs)
        .map(
          ([name, own]) =>
            `<details><summary>${escaped(name)}</summary>${own.map((p) => `<details><summary>${ask(p)}</summary>${p.answerHtml}${top}</details>`).join("")}</details>`,
        )
        .join(""),
    ),
  ],
  "definition-list": (pairs) => [
    page(
      sections(pairs)
        .map(
          ([name, own]) =>
            `<h2>${escaped(name)}</h2><dl>${own.map((p) => `<dt>${ask(p)}</dt><dd>${p.answerHtml}</dd>`).join("")}</dl>`,
        )
        .join(""),
    ),
  ],
  "aria-accordion": (pairs) => [
    page(
      each(
        pairs,
        (p, id) =>
          `<div><h3><button aria-expanded="false" aria-controls="${id}">${ask(p)}<svg><path/></svg></button></h3></div><div id="${id}" role="region" hidden>${p.answerHtml}</div>`,
      ),
    ),
  ],
  bootstrap: (pairs) => [
    page(
      `<div class="accordion" id="acc">${each(pairs, (p, id) => `<div class="card accordion-item"><div class="card-header"><h5 class="mb-0"><a data-toggle="collapse" data-parent="#acc" href="#${id}">${ask(p)}</a></h5></div><div id="${id}" class="collapse"><div class="card-body">${p.answerHtml}</div></div></div>`)}</div>`,
    ),
  ],
  civicplus: (pairs) => [
    page(
      `<form action="/faq.aspx"><div class="faqs">${sections(pairs)
        .map(
          ([name, own]) =>
            `<div class="category"><h2>${escaped(name)}</h2><ol>${own.map((p, i) => `<li><a class="question" href="javascript:show(${i})"><span>${i + 1}. </span>${ask(p)}</a><div class="answer" style="display:none"><div class="fr-view">${p.answerHtml}</div></div></li>`).join("")}</ol></div>`,
        )
        .join("")}</div></form>`,
    ),
  ],
  drupal: (pairs) => [
    page(
      `<div class="view view-faq"><div class="view-content">${each(pairs, (p) => `<div class="views-row"><div class="views-field views-field-title"><span class="field-content faq-question">${ask(p)}</span></div><div class="views-field views-field-body"><div class="field-content">${p.answerHtml}</div></div></div>`)}</div></div>`,
    ),
  ],
  wordpress: (pairs) => [
    page(
      `<div class="entry-content">${each(pairs, (p) => `<div class="wp-block-yoast-faq schema-faq"><div class="schema-faq-section"><strong class="schema-faq-question">${ask(p)}</strong> <div class="schema-faq-answer">${p.answerHtml}</div></div></div>`)}</div>`,
    ),
  ],
  sharepoint: (pairs) => [
    page(
      `<form id="aspnetForm"><div class="ms-rtestate-field"><table class="ms-rteTable-0"><tbody><tr><th>Question</th><th>Answer</th></tr>${pairs.map((p) => `<tr class="ms-rteTableOddRow"><td style="width:30%"><span>${ask(p)}</span></td><td>\u200b${p.answerHtml}</td></tr>`).join("")}</tbody></table></div></form>`,
    ),
  ],
  headings: (pairs) => [
    page(
      `<ul>${pairs.map((p, i) => `<li><a href="#q${i}">${ask(p)}</a></li>`).join("")}</ul>${each(pairs, (p, id) => `<h3 id="${id}">${ask(p)}</h3>${p.answerHtml}${top}`)}`,
    ),
  ],
  "headings-wrapped": (pairs) => [
    page(
      each(
        pairs,
        (p, id) =>
          `<div class="row"><div class="col"><div class="hd"><h4 id="${id}">${ask(p)}</h4></div><div class="bd">${p.answerHtml}</div></div></div>`,
      ),
    ),
  ],
  "table-rows": (pairs) => [
    page(
      `<table>${pairs.map((p, i) => `<tr><td>${i + 1}</td></tr><tr><td><b>Q: ${ask(p)}</b></td></tr><tr><td>A: ${p.answerHtml}</td></tr>`).join("")}</table>`,
    ),
  ],
  "bold-paragraphs": (pairs) => [
    page(each(pairs, (p) => `<p><strong>${ask(p)}</strong></p><div>${p.answerHtml}</div>`)),
  ],
  "q-and-a-prefixes": (pairs) => [
    page(each(pairs, (p) => `<p>Q: ${ask(p)}</p><div>A: ${p.answerHtml}</div>`)),
  ],
  "numbered-headings": (pairs) => [
    page(
      each(
        pairs,
        (p, id) =>
          `<h3 id="${id}">${id.replace(/.*q/, "")}. ${ask(p)}</h3><div>${p.answerHtml}</div><hr>`,
      ),
    ),
  ],
  "page-each": (pairs) =>
    pairs.map((p) =>
      page(`<article><div class="body">${p.answerHtml}</div></article>`, "", ask(p)),
    ),
};
