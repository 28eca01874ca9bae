/** A link longer than this costs more than half a segment and is no help in a text. */
const linkMost = 80;

const tracking = /^(utm_\w+|gclid|fbclid|mc_[ce]id|_ga|CDC_AA_refVal)$/i;

/** An address as short as a phone still makes a link of it; nothing for what leads nowhere from a phone. */
export function shortLink(href: string): string | undefined {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return undefined;
  }
  if (url.protocol === "mailto:") return decodeURIComponent(url.pathname) || undefined;
  if (!/^https?:$/.test(url.protocol)) return undefined;
  for (const name of [...url.searchParams.keys()])
    if (tracking.test(name)) url.searchParams.delete(name);
  url.hash = "";
  const short = url.href.replace(/^https?:\/\//, "").replace(/[/?]$/, "");
  return short.length <= linkMost ? short : undefined;
}
