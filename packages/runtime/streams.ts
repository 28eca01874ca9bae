import { lineOf, topicOf } from "@holdline/events";

interface Speaker {
  readonly name: string;
  readonly emits: readonly { readonly type: string }[];
}
interface Hearer {
  readonly on: readonly { readonly type: string }[];
}

/** The topics a stage hears. */
export const topicsOf = ({ on }: Hearer): string[] => [
  ...new Set(on.map(({ type }) => topicOf(type))),
];

/**
 * Whether anything a stage asked for can come in a stream, given who else is in the pipeline.
 *
 * Topics are shared, so a stage is also brought its siblings' events. A stream that can never hold
 * what the stage asked for needs no cursor; one of an unknown producer (a door, a redrive) does.
 */
export function relevance(
  hearer: Hearer,
  speakers: readonly Speaker[],
): (stream: string) => boolean {
  const wanted = new Set(hearer.on.map(({ type }) => type));
  const useless = new Set<string>();
  for (const { name, emits } of speakers) {
    for (const topic of new Set(emits.map(({ type }) => topicOf(type)))) {
      const said = emits.filter(({ type }) => topicOf(type) === topic);
      if (!said.some(({ type }) => wanted.has(type))) useless.add(`${name}/${topic}`);
    }
  }
  return (stream) => !useless.has(lineOf(stream));
}
