import { ask, each, escaped, type Make, oldPage, portal, sections } from "./surroundings.ts";

const top = '<p class="totop"><a href="#top">^ Back to top</a></p>';
const h2 = (name: string, inner: string) => `<h2>${name}</h2>${inner}`;
const bare = (_: string, inner: string) => inner;

/** Makes of content systems and site builders; the extractor was tuned on these. */
export const cmsMakes: Readonly<Record<string, Make>> = {
  gutenberg: (pairs) => [
    portal(
      `<div class="entry-content">${each(pairs, (p) => `<!-- wp:details --><details class="wp-block-details is-layout-flow"><summary>${ask(p)}</summary>\n<div class="wp-block-group">${p.answerHtml}</div>\n</details><!-- /wp:details -->`, h2)}</div>`,
    ),
  ],
  elementor: (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<div class="elementor-accordion-item"><div id="elementor-tab-title-${id}" class="elementor-tab-title" data-tab="1" role="button" aria-controls="elementor-tab-content-${id}" aria-expanded="false"><span class="elementor-accordion-icon elementor-accordion-icon-left" aria-hidden="true"><i class="fas fa-plus"></i></span><a class="elementor-accordion-title" tabindex="0">${ask(p)}</a></div><div id="elementor-tab-content-${id}" class="elementor-tab-content elementor-clearfix" data-tab="1" role="region" aria-labelledby="elementor-tab-title-${id}">${p.answerHtml}</div></div>`,
      ),
    ),
  ],
  divi: (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<div class="et_pb_module et_pb_toggle et_pb_toggle_item et_pb_toggle_close"><h5 class="et_pb_toggle_title">${ask(p)}</h5><div class="et_pb_toggle_content clearfix">${p.answerHtml}</div></div>`,
        bare,
      ),
    ),
  ],
  uswds: (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<h4 class="usa-accordion__heading"><button type="button" class="usa-accordion__button" aria-expanded="false" aria-controls="${id}">${ask(p)}</button></h4><div id="${id}" class="usa-accordion__content usa-prose" hidden>${p.answerHtml}</div>`,
        (name, inner) => `<h3>${name}</h3><div class="usa-accordion">${inner}</div>`,
      ),
    ),
  ],
  foundation: (pairs) => [
    portal(
      each(
        pairs,
        (p) =>
          `<li class="accordion-item" data-accordion-item><a href="#" class="accordion-title">${ask(p)}</a><div class="accordion-content" data-tab-content>${p.answerHtml}</div></li>`,
        (name, inner) => `<h2>${name}</h2><ul class="accordion" data-accordion>${inner}</ul>`,
      ),
    ),
  ],
  govuk: (pairs) => [
    portal(
      `<div class="govuk-accordion"><button type="button" class="govuk-accordion__show-all" aria-expanded="false"><span>Show all sections</span></button>${each(pairs, (p, id) => `<div class="govuk-accordion__section"><div class="govuk-accordion__section-header"><h2 class="govuk-accordion__section-heading"><button type="button" aria-controls="${id}" class="govuk-accordion__section-button" aria-expanded="false"><span class="govuk-accordion__section-heading-text"><span>${ask(p)}</span></span><span class="govuk-visually-hidden govuk-accordion__section-heading-divider">, </span><span class="govuk-accordion__section-toggle"><span class="govuk-accordion-nav__chevron"></span><span class="govuk-accordion__section-toggle-text">Show</span></span></button></h2></div><div id="${id}" class="govuk-accordion__section-content">${p.answerHtml}</div></div>`, bare)}</div>`,
    ),
  ],
  squarespace: (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<li class="accordion-item"><h4 class="accordion-item__title-wrapper" role="heading" aria-level="3"><button class="accordion-item__click-target" aria-expanded="false" id="button-${id}"><span class="accordion-item__title">${ask(p)}</span><div class="accordion-icon-container"><div class="plus"></div></div></button></h4><div class="accordion-item__dropdown" role="region" id="dropdown-${id}" aria-labelledby="button-${id}"><div class="accordion-item__description">${p.answerHtml}</div></div></li>`,
        (name, inner) => `<h2>${name}</h2><ul class="accordion-items-container">${inner}</ul>`,
      ),
    ),
  ],
  "jquery-ui": (pairs) => [
    portal(
      `<div id="accordion" class="ui-accordion">${each(pairs, (p) => `<h3>${ask(p)}</h3><div>${p.answerHtml}<div class="share"><a href="#">Share</a></div></div>`, bare)}</div>`,
    ),
  ],
  "anchors-and-bold": (pairs) => [
    oldPage(
      `${pairs.map((p, i) => `<a href="#${i}">${ask(p)}</a><br>`).join("\n")}<hr>${pairs.map((p, i) => `<p><a name="${i}"></a><b>${ask(p)}</b></p><blockquote>${p.answerHtml}</blockquote>${top}`).join("\n")}`,
    ),
  ],
  "bold-and-break": (pairs) => [
    oldPage(
      each(
        pairs,
        (p) => `<div class="item"><b>${ask(p)}</b><br>${p.answerHtml}</div>`,
        (name, inner) => `<p><font size="+1"><u>${name}</u></font></p>${inner}`,
      ),
    ),
  ],
  "bold-letters": (pairs) => [
    portal(
      each(pairs, (p) => `<p><b>Q:</b> ${ask(p)}</p><div><b>A:</b> ${p.answerHtml}</div>`, h2),
    ),
  ],
  mediawiki: (pairs) => [
    `<!DOCTYPE html><html class="client-nojs" lang="en"><head><title>FAQ - Wiki</title></head><body><div id="content" class="mw-body" role="main"><h1 id="firstHeading">FAQ</h1><div id="mw-content-text"><div class="mw-parser-output"><div id="toc" class="toc"><h2>Contents</h2><ul>${pairs.map((p, i) => `<li class="toclevel-2"><a href="#q${i}"><span class="tocnumber">${i}</span> <span class="toctext">${ask(p)}</span></a></li>`).join("")}</ul></div>
${each(
  pairs,
  (p) =>
    `<h3><span class="mw-headline">${ask(p)}</span><span class="mw-editsection"><span>[</span><a href="?edit">edit</a><span>]</span></span></h3>\n${p.answerHtml}`,
  (name, inner) =>
    `<h2><span class="mw-headline">${name}</span><span class="mw-editsection">[<a href="?edit">edit</a>]</span></h2>${inner}`,
)}</div></div></div><div id="mw-navigation"><h2>Navigation menu</h2></div></body></html>`,
  ],
  zendesk: (pairs) =>
    pairs.map((p) =>
      portal(
        `<article class="article"><header class="article-header"><h1 title="${escaped(p.question)}" class="article-title">${ask(p)}</h1><div class="article-author"><div class="article-meta"><span>Support Team</span><ul class="meta-group"><li class="meta-data"><time>3 months ago</time></li><li class="meta-data">Updated</li></ul></div></div><a class="article-subscribe" href="#">Follow</a></header><section class="article-info"><div class="article-content"><div class="article-body">${p.answerHtml}</div></div></section><footer><div class="article-footer">Facebook Twitter</div><div class="article-votes"><span class="article-votes-question">Was this article helpful?</span><button>Yes</button><button>No</button><small>12 out of 20 found this helpful</small></div></footer></article><section class="article-comments"><h2>Comments</h2><p class="comments-callout">0 comments</p></section>`,
        escaped(p.question.replace(/<[^>]+>/g, "")),
      ),
    ),
  "css-checkbox": (pairs) => [
    portal(
      each(
        pairs,
        (p, id) =>
          `<div class="tab"><input type="checkbox" id="${id}"><label class="tab-label" for="${id}">${ask(p)}</label><div class="tab-content">${p.answerHtml}</div></div>`,
      ),
    ),
  ],
  "json-ld-and-shown": (pairs) => [
    portal(
      `<script type="application/ld+json">[${JSON.stringify({
        "@type": "FAQPage",
        mainEntity: pairs.map(({ question, answerHtml }) => ({
          "@type": "Question",
          name: escaped(question),
          acceptedAnswer: { "@type": "Answer", text: escaped(answerHtml) },
        })),
      }).replaceAll(
        "</",
        "<\\/",
      )}]</script>${each(pairs, (p) => `<div class="faq-entry"><h3>${ask(p)}</h3><div class="faq-body">${p.answerHtml}</div></div>`)}`,
    ),
  ],
  "two-columns": (pairs) => [
    oldPage(
      `<table border=1><tr><th>No.</th><th>Question</th><th>Answer</th></tr>${sections(pairs)
        .map(
          ([name, own]) =>
            `<tr><td colspan=3><b>${escaped(name)}</b></td></tr>${own.map((p, i) => `<tr><td>${i + 1}</td><td>${ask(p)}</td><td>${p.answerHtml}</td></tr>`).join("")}`,
        )
        .join("")}</table>`,
    ),
  ],
};
