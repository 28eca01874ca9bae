/** Longer words may have more wrong with them and still be the same; short ones become others at once. */
const slipsIn = (word: string) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

/** Whether at most `most` letters were missed, doubled, mistaken or swapped with their neighbour. */
function isNear(one: string, other: string, most: number): boolean {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    let least = line;
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[line - 1] === other[column - 1];
      let cost = Math.min(
        (row[column] as number) + 1,
        (next[column - 1] as number) + 1,
        (row[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
      if (swapped && line > 1 && column > 1)
        cost = Math.min(cost, (before[column - 2] as number) + 1);
      if (cost < least) least = cost;
      next.push(cost);
    }
    if (least > most) return false;
    before = row;
    row = next;
  }
  return (row[other.length] as number) <= most;
}

/** Which letters are in a word, a bit each: words with many different ones are not near. */
function lettersIn(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

function bitsIn(number: number): number {
  let bits = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

/**
 * The word of a vocabulary that somebody who wrote another most likely meant, where there is one. What `knows`
 * says yes to is meant as it is written.
 */
export function speller(
  vocabulary: ReadonlySet<string>,
  knows: (word: string) => boolean = () => false,
): (word: string) => string {
  // The first letter is the one people get right.
  const shelf = (first: string | undefined, length: number) => `${first}${length}`;
  const shelves = new Map<string, { readonly word: string; readonly letters: number }[]>();
  for (const word of vocabulary) {
    if (word.length < 4) continue;
    const name = shelf(word[0], word.length);
    const own = shelves.get(name) ?? [];
    shelves.set(name, own);
    own.push({ word, letters: lettersIn(word) });
  }

  return function spelled(word) {
    const most = slipsIn(word);
    if (most === 0 || vocabulary.has(word) || knows(word) || /\d/.test(word)) return word;
    const letters = lettersIn(word);
    for (let slips = 1; slips <= most; slips += 1)
      for (let length = word.length - slips; length <= word.length + slips; length += 1)
        // A slip brings one wrong letter in and takes one right one out.
        for (const known of shelves.get(shelf(word[0], length)) ?? [])
          if (bitsIn(letters ^ known.letters) <= 2 * slips && isNear(word, known.word, slips))
            return known.word;
    return word;
  };
}
