import type { Action } from "./actions.ts";

/** Kinds of flows, as CreateContactFlow names them (Amazon Connect API reference). */
export type FlowType = "CONTACT_FLOW" | "CUSTOMER_QUEUE";

/** A flow as Connect imports it. */
export interface Flow {
  /** The name in Connect, and the file's. */
  readonly name: string;
  readonly type: FlowType;
  readonly description: string;
  readonly document: FlowDocument;
}

/** What the file says. */
export interface FlowDocument {
  readonly Version: "2019-10-30";
  readonly StartAction: string;
  readonly Metadata: unknown;
  readonly Actions: readonly Action[];
}

/** Pixels of the editor between two blocks. */
const step = { x: 240, y: 200 };

/** A flow of blocks; the first is where it starts. Blocks are laid out by how far they are from the start. */
export function flow(given: Omit<Flow, "document">, actions: readonly Action[]): Flow {
  const [first] = actions;
  if (!first) throw new Error(`flow ${given.name} has no blocks`);
  return {
    ...given,
    document: {
      Version: "2019-10-30",
      StartAction: first.Identifier,
      Metadata: {
        entryPointPosition: { x: 20, y: 20 },
        ActionMetadata: positions(actions, first.Identifier),
      },
      Actions: actions,
    },
  };
}

/** Where a block can lead to, each once. */
export const nextOf = ({ Transitions }: Action): readonly string[] => [
  ...new Set(
    [
      Transitions.NextAction ?? [],
      ...(Transitions.Conditions ?? []).map(({ NextAction }) => NextAction),
      ...(Transitions.Errors ?? []).map(({ NextAction }) => NextAction),
    ].flat(),
  ),
];

function positions(actions: readonly Action[], start: string) {
  const byId = new Map(actions.map((action) => [action.Identifier, action]));
  const column = new Map([[start, 0]]);
  for (const id of column.keys()) {
    const action = byId.get(id);
    for (const next of action ? nextOf(action) : [])
      if (!column.has(next)) column.set(next, (column.get(id) ?? 0) + 1);
  }
  const rows = new Map<number, number>();
  return Object.fromEntries(
    actions.map(({ Identifier }) => {
      const x = column.get(Identifier) ?? 0;
      const y = rows.get(x) ?? 0;
      rows.set(x, y + 1);
      return [Identifier, { position: { x: 180 + x * step.x, y: 20 + y * step.y } }];
    }),
  );
}
