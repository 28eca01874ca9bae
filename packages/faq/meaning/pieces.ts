/** No word that people use is longer; what is, is not read. */
const longestWord = 40;

/**
 * The numbers of the pieces a word is made of, the longest first piece and so on (BERT's WordPiece);
 * those that go on are written `##on`. None where a part of the word is in no piece.
 */
export function piecesIn(word: string, numbers: ReadonlyMap<string, number>): readonly number[] {
  const found: number[] = [];
  if (word.length > longestWord) return found;
  for (let from = 0; from < word.length; ) {
    const mark = from === 0 ? "" : "##";
    let to = word.length;
    while (to > from && !numbers.has(mark + word.slice(from, to))) to -= 1;
    if (to === from) return [];
    found.push(numbers.get(mark + word.slice(from, to)) as number);
    from = to;
  }
  return found;
}
