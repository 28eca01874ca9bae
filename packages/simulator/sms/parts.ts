// The GSM 03.38 alphabet, and the characters that take two places in it.
const BASIC = new Set(
  "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\n\r\u001b",
);
const EXTENDED = new Set("^{}\\[]~|€\f");

/** How a text travels: its alphabet, and the parts it is billed and paced by. */
export interface Parts {
  readonly encoding: "GSM" | "Unicode";
  readonly count: number;
}

/** Counts parts: 160 or 153 places each in GSM, 70 or 67 code units in UCS-2. */
export function partsOf(text: string): Parts {
  const costs: number[] = [];
  for (const character of text) {
    if (BASIC.has(character)) costs.push(1);
    else if (EXTENDED.has(character)) costs.push(2);
    else {
      const units = Array.from(text, ({ length }) => length);
      return { encoding: "Unicode", count: count(units, 70, 67) };
    }
  }
  return { encoding: "GSM", count: count(costs, 160, 153) };
}

// A surrogate pair or an escaped character is never split between parts.
function count(costs: readonly number[], single: number, each: number): number {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  if (total <= single) return 1;
  let parts = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > each) {
      parts++;
      used = 0;
    }
    used += cost;
  }
  return parts;
}
