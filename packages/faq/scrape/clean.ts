import type { CheerioAPI } from "cheerio";
import { opener } from "./opener.ts";
import { sameAs } from "./question.ts";

const never =
  "script,style,template,noscript,link,meta,iframe,object,embed,svg,canvas,video,audio,input,select,textarea,nav,footer,aside,dialog," +
  "[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=complementary],[role=alertdialog],[role=dialog]";

const junkName =
  /(^|[-_])(breadcrumbs?|cookies?|consent|share|sharing|social|addthis|addtoany|skip-?(link|nav|to)\w*|(back-?)?to-?top|pagination|pager|prev-?next|newsletter|subscribe|related|recommended|sidebar|navbar|(main|site|nav|mega)-?menu|feedback|helpful|votes?|comments?|byline|author|article-meta|(entry|post|page)-?(meta|metadata|info)|advert\w*|promo|toc|table-of-contents|editsection|headerlink)([-_]|$)/i;

/** Small things beside an answer that are said to whoever is at a screen. */
const aside =
  /^(\W*(back to|return to|go to|jump to)( the)? top( of( the)? page)?\W*|\W*top( of page)?\W*|share( this)?( (page|article|answer))?( on .{0,20})?|print( this)?( page)?|tweet|e-?mail this( page)?|(copy|permanent) link|permalink|link to this (heading|section)|(was|is|did) (this|you find).{0,40}(helpful|useful)\W*(yes\W*no\W*)?|(show|hide|expand|collapse|open|close)( all| more| less| answer| section| this section)*|\[?\W*edit\W*\]?|\W+)$/i;

const icons =
  "svg,i[class*=icon],[class*=material-icons],[class*=material-symbols],mat-icon,.glyphicon,i.fa,i.fas,i.far";

/** Takes out icons whose names would be read as words, and what is said of them to screen readers. */
export function cleanIcons($: CheerioAPI): void {
  $(icons).each((_, node) => {
    if ($(node).text().trim().length <= 30) $(node).remove();
  });
  $("[aria-hidden=true],[class*=hidden],[class*=sr-only],[class*=screen-reader]").each(
    (_, node) => {
      const text = $(node).text().trim();
      if (text.length <= 30 && (aside.test(text) || /^[+−–\-▼▲>×,\s]*$/.test(text)))
        $(node).remove();
    },
  );
}

/** Takes out what is no content: navigation, notices, share links, "Back to top". */
export function clean($: CheerioAPI): void {
  $(never).remove();
  // The header of a page is its own; that of an article has its title.
  $("header").each((_, node) => {
    if ($(node).find("h1").length === 0 && $(node).closest("main,article,section").length === 0)
      $(node).remove();
  });
  const all = $("body").text().length;
  $("[class],[id]").each((_, node) => {
    if (["html", "body", "main", "article", "h1"].includes(node.name)) return;
    const names = `${node.attribs.class ?? ""} ${node.attribs.id ?? ""}`.split(/\s+/);
    if (!names.some((name) => junkName.test(name))) return;
    // A whole page may be called after its cookie notice, and a title stand in what is called so.
    if ($(node).text().length <= all * 0.4 && $(node).find("h1").length === 0) $(node).remove();
  });
  $("a,button,p,span,div,li,small").each((_, node) => {
    const text = $(node).text().trim();
    if (text.length > 0 && text.length <= 60 && aside.test(text) && /\p{L}|¶|#|\^/u.test(text))
      $(node).remove();
  });
}

/** Takes out tables of contents: links within the page to what stands there again, word for word. */
export function cleanContents($: CheerioAPI): void {
  const inPage = $("a[href^='#']").not(opener).toArray();
  const links = new Map<(typeof inPage)[number], string>();
  for (const link of inPage) {
    const text = sameAs($(link).text());
    if (text.length >= 8) links.set(link, text);
  }
  if (links.size === 0) return;
  const wanted = new Set(links.values());
  const again = new Set<string>();
  $("h1,h2,h3,h4,h5,h6,p,b,strong,dt,summary,td,button,label,span,div,li").each((_, node) => {
    const text = $(node).text();
    if (text.length > 4_000) return;
    const same = sameAs(text);
    if (!wanted.has(same) || again.has(same)) return;
    const isOfLink =
      $(node).closest("a[href^='#']").length > 0 ||
      $(node)
        .find("a[href^='#']")
        .toArray()
        .some((link) => links.get(link) === same);
    if (!isOfLink) again.add(same);
  });
  for (const [link, text] of links) {
    if (!again.has(text)) continue;
    const item = $(link).closest("li");
    if (item.length > 0 && sameAs(item.text()) === text) item.remove();
    else $(link).remove();
  }
}
