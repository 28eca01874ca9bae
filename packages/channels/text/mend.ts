import { isGsm7 } from "./gsm7.ts";
import { segmentation } from "./segments.ts";

/**
 * Typography that word processors and phones put in unasked, and the plain character a reader takes
 * for the same. Letters and signs that mean something (`ç`, `ñ`, emoji) are never touched.
 */
const plain: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201b": "'",
  "\u2032": "'",
  "\u00b4": "'",
  "\u0060": "'",
  "\u02bc": "'",
  "\u2039": "'",
  "\u203a": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u201f": '"',
  "\u2033": '"',
  "\u00ab": '"',
  "\u00bb": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-",
  "\u2212": "-",
  "\u2026": "...",
  "\u2022": "*",
  "\u25cf": "*",
  "\u00b7": "*",
  "\u2044": "/",
  "\u00a0": " ",
  "\u1680": " ",
  "\u2000": " ",
  "\u2001": " ",
  "\u2002": " ",
  "\u2003": " ",
  "\u2004": " ",
  "\u2005": " ",
  "\u2006": " ",
  "\u2007": " ",
  "\u2008": " ",
  "\u2009": " ",
  "\u200a": " ",
  "\u202f": " ",
  "\u205f": " ",
  "\u3000": " ",
  "\u2028": "\n",
  "\u2029": "\n",
  "\u00ad": "",
  "\u200b": "",
  "\u200c": "",
  "\u200d": "",
  "\u200e": "",
  "\u200f": "",
  "\u2060": "",
  "\ufeff": "",
};

// C0 controls except tab and newline, DEL and the C1 controls: no phone shows them, some choke.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Takes out of a text what no phone and no terminal should get: lone surrogates and control characters. */
export const harmless = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, "\n").replace(controls, "");

/**
 * Makes a text cheaper where nobody would notice: typographic characters become plain ones when the
 * whole text then fits GSM-7 and takes no more segments than before. Otherwise it stays as written.
 */
export function mend(text: string): string {
  const clean = harmless(text).replaceAll("\t", " ");
  if (isGsm7(clean)) return clean;
  // NFC first: an `é` typed as `e` and an accent is one GSM-7 character once composed.
  let replaced = "";
  for (const char of clean.normalize("NFC")) replaced += plain[char] ?? char;
  if (!isGsm7(replaced)) return clean;
  return segmentation(replaced).segments <= segmentation(clean).segments ? replaced : clean;
}
