import type { DeadLetters } from "@holdline/dynamodb";
import type { Stage, Standing, StateStore } from "@holdline/runtime";
import type { Source } from "./source.ts";

/** What of a deployment is read: all of it is in its table of state. */
export interface Deployment {
  readonly store: Pick<StateStore, "peek" | "due">;
  readonly letters: Pick<DeadLetters, "list">;
}

/** After everything that is due. */
const ever = "9999-12-31T23:59:59.999Z";
/** Reminders and retries of all conversations that one look reads at most. */
const dueMost = 10_000;

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

/**
 * Where a deployment's stages stand in a conversation. It does not know who has it in hand just now, nor of which
 * effects the end is not known.
 */
export async function standingInDeployment(
  { store }: Deployment,
  key: string,
  stages: readonly Stage[],
): Promise<Standing> {
  const standings = stages.map(async ({ name: stage }) => {
    const { cursors } = await store.peek({ stage, key });
    return [stage, { cursors, heldUntil: null, leftBehind: 0, begun: [] }] as const;
  });
  const due = await store.due(ever, dueMost);
  return {
    stages: Object.fromEntries(await Promise.all(standings)),
    delayed: due.filter(({ draft }) => draft.key === key),
  };
}
