import type { CheerioAPI } from "cheerio";

const never =
  "script,style,template,link,meta,iframe,object,embed,svg,canvas,video,audio,input,select,textarea,nav,footer,aside," +
  "[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=complementary],[role=alertdialog]";

const junkName =
  /(^|[-_])(breadcrumbs?|cookies?|consent|share|sharing|social|addthis|addtoany|skip-?(link|nav|to)\w*|back-?to-?top|pagination|pager|newsletter|subscribe|related|sidebar|navbar|(main|site|nav)-?menu|feedback|helpful|advert\w*|promo|toc|table-of-contents)([-_]|$)/i;

/** Small things beside an answer that are said to whoever is at a screen. */
const aside =
  /^(\W*(back to|return to|go to)( the)? top( of( the)? page)?\W*|top( of page)?|share( this.*)?|print( this page)?|tweet|copy link|permalink|(was|did) (this|you find).{0,40}(helpful|useful)\W*(yes\W*no\W*)?|(show|hide|expand|collapse|open|close)( all| more| less| answer)?|last (updated|reviewed|modified):? .{0,40}|\W+)$/i;

/** Takes out what is no content: navigation, notices, share links, "Back to top". */
export function clean($: CheerioAPI): void {
  $(never).remove();
  const all = $("body").text().length;
  $("[class],[id]").each((_, node) => {
    if (["html", "body", "main", "article"].includes(node.name)) return;
    const names = `${node.attribs.class ?? ""} ${node.attribs.id ?? ""}`.split(/\s+/);
    if (!names.some((name) => junkName.test(name))) return;
    // A whole page may be called after its cookie notice.
    if ($(node).text().length <= all * 0.4) $(node).remove();
  });
  $("a,button,p,span,div,li,small").each((_, node) => {
    const text = $(node).text().trim();
    if (text.length > 0 && text.length <= 90 && aside.test(text) && /\p{L}/u.test(text))
      $(node).remove();
  });
}
