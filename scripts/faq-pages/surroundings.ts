import type { Truth } from "./judge.ts";

/** A make of page: how some content system shows pairs. More than one page where it shows one a page. */
export type Make = (pairs: readonly Truth[]) => readonly string[];

/** Text as it stands in HTML. */
export const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A question as HTML: some hold links. */
export const ask = ({ question }: Truth) => (/<\w/.test(question) ? question : escaped(question));

/** Pairs by their section, in the order of the page. */
export const sections = (pairs: readonly Truth[]) => [
  ...Map.groupBy(pairs, ({ section }) => section),
];

/** Each pair rendered, its sections as given. */
export const each = (
  pairs: readonly Truth[],
  one: (pair: Truth, id: string) => string,
  section = (name: string, inner: string) => `<section><h2>${name}</h2>${inner}</section>`,
): string =>
  sections(pairs)
    .map(([name, own], s) =>
      section(escaped(name), own.map((pair, i) => one(pair, `s${s}q${i}`)).join("\n")),
    )
    .join("\n");

/** What stands around an FAQ on a page made without landmarks: tables for layout, a menu of links. */
export const oldPage = (main: string, title = "FAQ") =>
  `<html><head><title>${title}</title></head><body bgcolor="#ffffff"><a name="top"></a>
<table width="100%"><tr><td colspan=2><img src="logo.gif" alt="County"><font size=5>County Services</font></td></tr>
<tr><td width=150 valign=top><a href="index.html">Home</a><br><a href="what.html">What is new?</a><br><a href="jobs.html">Jobs</a></td>
<td valign=top><h1>${title}</h1><p>Click on a question to see its answer.</p>${main}
<hr><p><a href="#top">Return to top</a></p><p><small>Copyright 2004. Questions? Write to <a href="mailto:web@example.org">the webmaster</a>. Last updated: March 3, 2004</small></p></td></tr></table></body></html>`;

/** What stands around an article on a page that sells something: menus, a dialog, related reading. */
export const portal = (main: string, title = "Help Center") =>
  `<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>${title} – Example Support</title>
<meta property="og:title" content="${title}"><noscript>Why is JavaScript off?</noscript></head><body class="help-center">
<div id="onetrust-consent-sdk"><div role="dialog" aria-label="Privacy"><h2>Your privacy: what do we collect?</h2><p>We and our partners store cookies.</p><button>Accept all</button></div></div>
<header class="site-header"><a href="/">Example</a><div class="mega-menu"><button aria-expanded="false" aria-controls="mm1">Products</button><div id="mm1"><ul><li><a href="/what">What is Example?</a></li><li><a href="/how">How does it work?</a></li></ul></div></div>
<form role="search"><label for="s">How can we help?</label><input id="s" placeholder="Search"></form></header>
<div class="breadcrumbs"><a href="/hc">Help Center</a> &gt; <span>${title}</span></div>
<div class="layout"><div class="content-column">${main}</div>
<div class="sidebar-column sidebar"><div class="widget"><h3>Did you know?</h3><p>Our app is faster.</p></div><section class="related-articles"><h3>Related articles</h3><ul><li><a href="/hc/1">How do I pay?</a></li><li><a href="/hc/2">Where is my order?</a></li></ul></section></div></div>
<div class="cta-banner"><h2>Still have questions?</h2><p>Our team is here around the clock.</p><a class="btn" href="/contact">Contact us</a></div>
<div class="newsletter-signup"><h3>Want news by mail?</h3><p>Once a month, no more.</p><input type="email"><button>Sign up</button></div>
<footer class="site-footer"><h4>Company</h4><ul><li><a href="/about">Who are we?</a></li></ul></footer></body></html>`;
