/** Longer words may have more wrong with them and still be the same; short ones become others at once. */
const slipsIn = (word: string) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

/** Whether at most `most` letters were missed, doubled, mistaken or swapped with their neighbour. */
function isNear(one: string, other: string, most: number): boolean {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
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
      next.push(cost);
    }
    if (Math.min(...next) > most) return false;
    before = row;
    row = next;
  }
  return (row[other.length] as number) <= most;
}

/** The word of a vocabulary that somebody who wrote another most likely meant, where there is one. */
export function speller(vocabulary: ReadonlySet<string>): (word: string) => string {
  const byLength = new Map<number, string[]>();
  for (const word of vocabulary)
    byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);

  return function spelled(word) {
    const most = slipsIn(word);
    if (most === 0 || vocabulary.has(word) || /\d/.test(word)) return word;
    for (let slips = 1; slips <= most; slips += 1)
      for (let length = word.length - slips; length <= word.length + slips; length += 1)
        // The first letter is the one people get right.
        for (const known of byLength.get(length) ?? [])
          if (known[0] === word[0] && known.length > 3 && isNear(word, known, slips)) return known;
    return word;
  };
}
