import { piecesIn } from "./pieces.ts";

/** Puts what a sentence means into a vector: sentences that mean the same have nearly the same. */
export interface SentenceEncoder {
  /** The language it understands, BCP 47 without a country. */
  readonly language: string;
  /** Whether a word is one of the language's own, and so no misspelling of another. */
  knows(word: string): boolean;
  /** Of length one, or all zeros where it knows none of the words. Words as `wordsOf` has them. */
  encode(words: readonly string[]): Float32Array;
}

/**
 * An encoder whose sentences are the sum of their words' pieces, from a file as
 * `scripts/sentence-vectors` writes it: a line of JSON, a scale for each piece (float32,
 * little-endian), then its numbers (int8). Throws where the file is not of that shape.
 */
export function encoderIn(file: Uint8Array, language: string): SentenceEncoder {
  const lineEnd = file.indexOf(10);
  const head: { width: number; pieces: readonly string[] } = JSON.parse(
    new TextDecoder().decode(file.subarray(0, lineEnd)),
  );
  const { width, pieces } = head;
  const scalesAt = lineEnd + 1;
  const rowsAt = scalesAt + 4 * pieces.length;
  if (file.length !== rowsAt + width * pieces.length)
    throw new Error(
      `sentence vectors: ${file.length} bytes, of which some are missing or too many`,
    );
  const view = new DataView(file.buffer, file.byteOffset);
  const rows = new Int8Array(file.buffer, file.byteOffset + rowsAt, width * pieces.length);
  const numbers = new Map(pieces.map((piece, number) => [piece, number]));

  return {
    language,
    knows: (word) => numbers.has(word),
    encode(words) {
      const sum = new Float32Array(width);
      for (const word of words)
        for (const number of piecesIn(word, numbers)) {
          const scale = view.getFloat32(scalesAt + 4 * number, true);
          for (let at = 0; at < width; at += 1)
            sum[at] = (sum[at] as number) + scale * (rows[number * width + at] as number);
        }
      return unitVector(sum);
    },
  };
}

/** Scales to length one, so that products are cosines. */
function unitVector(vector: Float32Array): Float32Array {
  const length = Math.sqrt(product(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

/** The scalar product. */
export function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
