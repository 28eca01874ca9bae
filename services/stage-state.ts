import type { Stage, StateStore } from "@holdline/runtime";

/** What a stage knows of a conversation by its last commit; nothing where it has not met it. */
export async function stateOf<State>(
  store: Pick<StateStore, "peek">,
  // biome-ignore lint/suspicious/noExplicitAny: a stage of any events and ports
  { name, state }: Stage<any, any, any, State>,
  key: string,
): Promise<State | undefined> {
  const { state: known } = await store.peek({ stage: name, key });
  return known && (state?.schema.safeParse(known.value).data as State | undefined);
}
