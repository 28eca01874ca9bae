/** An utterance as Lex compares them: without case and marks. */
const compared = (utterance: string): string =>
  utterance
    .toLowerCase()
    .replace(/[^\p{L}\p{N}{}']+/gu, " ")
    .trim();

/** What a build says of utterances that two intents have: which of them is meant nobody could tell. */
export function duplicated(
  intents: readonly { readonly name: string; readonly utterances: readonly string[] }[],
): readonly string[] {
  const owners = new Map<string, string>();
  const reasons: string[] = [];
  for (const { name, utterances } of intents)
    for (const utterance of utterances) {
      const same = compared(utterance);
      const owner = owners.get(same);
      if (owner !== undefined && owner !== name)
        reasons.push(`Intents ${owner} and ${name} have the same sample utterance: ${utterance}`);
      owners.set(same, name);
    }
  return reasons.slice(0, 10);
}
