import type { DeadLetters } from "@holdline/dynamodb";
import type { Stage, Standing, StateStore } from "@holdline/runtime";
import type { Source } from "./source.ts";

/** What of a deployment is read: all of it is in its table of state. */
export interface Deployment {
  readonly store: Pick<StateStore, "peek" | "remembered">;
  readonly letters: Pick<DeadLetters, "list">;
}

/** A deployment's conversations. Of what happened in them its table has what was given up on alone. */
export function deploymentSource({ store, letters }: Deployment, stages: readonly Stage[]): Source {
  return {
    async conversation(key) {
      const records = await Promise.all(
        stages.map(({ name: stage }) => store.peek({ stage, key })),
      );
      const all = (await letters.list()).filter((letter) => letter.key === key);
      const isMet = records.some(({ cursors }) => Object.keys(cursors).length > 0);
      return isMet || all.length > 0 ? all : undefined;
    },
    conversationOf: async (event) => (await letters.list()).find(({ id }) => id === event)?.key,
    async [Symbol.asyncDispose]() {},
  };
}

/** Where a deployment's stages stand in a conversation. Its table cannot list the effects whose end is not known. */
export async function standingInDeployment(
  { store }: Deployment,
  key: string,
  stages: readonly Stage[],
): Promise<Standing> {
  const names = stages.map(({ name }) => name);
  const { stages: told, delayed } = await store.remembered(key, names);
  const standings = Object.entries(told).map(
    ([stage, progress]) => [stage, { ...progress, leftBehind: 0, begun: [] }] as const,
  );
  return { stages: Object.fromEntries(standings), delayed };
}
