import sanitize from "sanitize-html";

/** Only what gives an answer its form. Nothing runs, loads, styles or is followed but to the web, mail and phone. */
const options: sanitize.IOptions = {
  allowedTags:
    "p div br ul ol li dl dt dd table thead tbody tfoot tr th td caption h1 h2 h3 h4 h5 h6 strong b em i u sub sup abbr blockquote pre code hr a".split(
      " ",
    ),
  allowedAttributes: {
    a: ["href"],
    td: ["colspan", "rowspan"],
    th: ["colspan", "rowspan"],
    ol: ["start"],
  },
  allowedSchemes: ["http", "https", "mailto", "tel"],
  // Pages nested deeper were refused; the stack is not the place to find out.
  nestingLimit: 500,
};

/** An answer's HTML as one may keep and show it, its links whole. */
export function sanitised(html: string, base?: string): string {
  const link = (attribs: sanitize.Attributes): sanitize.Attributes => {
    const href = attribs.href && absolute(attribs.href, base);
    return href ? { href } : {};
  };
  return sanitize(html, {
    ...options,
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: link(attribs) }),
      section: "div",
      article: "div",
    },
  })
    .replace(/<(p|div)>\s*<\/\1>/g, "")
    .trim();
}

function absolute(href: string, base: string | undefined): string | undefined {
  try {
    return new URL(href.trim(), base).href;
  } catch {
    // A relative link of a page whose address nobody knows leads nowhere.
    return undefined;
  }
}
