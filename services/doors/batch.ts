import { setTimeout as sleep } from "node:timers/promises";
import type { BatchAnswer } from "@holdline/eventbridge";
import type { StateStore } from "@holdline/runtime";

/** What is needed of a record that Lambda's poller brings from a queue. */
export interface DoorRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string };
}

/** Where a record stands: the line it keeps its order in (no number, no name in it), and its time there. */
export interface Standing {
  readonly line: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface LettingIn {
  readonly store: Pick<StateStore, "keep" | "forget" | "keptUnder">;
  readonly standing: (record: DoorRecord) => Standing;
  /** Lets one in. May be asked twice for the same: dedupe by its id. */
  readonly arrive: (body: string, at: number) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** How long a record waits for an older one of its line, which may be in another invocation's hands. */
  readonly holdBackMs: number;
}

/** Longer than SNS and SQS usually let one text overtake another. */
export const holdBackMs = 1_000;

/** Bodies above this are given up on anyway, by whoever they arrive at; an item of the store has its limit too. */
const mostKept = 65_536;

/**
 * Lets a batch in, each line by time, and says which records must come again.
 *
 * Functions do not see each other, and a queue keeps no order: what came is put down in the store first,
 * where every invocation finds it. After the hold-back each lets in all that is there of its lines up
 * to its own. What is gone by then was let in by somebody else.
 */
export async function letIn(
  records: readonly DoorRecord[],
  { store, standing, arrive, failed, holdBackMs }: LettingIn,
): Promise<BatchAnswer> {
  const lines = new Map<string, { name: string; record: DoorRecord }[]>();
  for (const record of records) {
    // What nobody will keep has no place in a line; it is let in to be put aside.
    if (Buffer.byteLength(record.body) > mostKept) {
      lines.set(record.messageId, [{ name: "", record }]);
      continue;
    }
    const { line, at } = standing(record);
    const name = `held-${line}/${String(at).padStart(15, "0")}/${record.messageId}`;
    lines.set(line, [...(lines.get(line) ?? []), { name, record }]);
  }
  const results = await Promise.all([...lines].map(([line, own]) => inTurn(line, own)));
  return { batchItemFailures: results.flat().map((itemIdentifier) => ({ itemIdentifier })) };

  async function inTurn(line: string, own: { name: string; record: DoorRecord }[]) {
    try {
      const [first] = own;
      if (first?.name === "") {
        await arrive(first.record.body, Number(first.record.attributes.SentTimestamp));
        return [];
      }
      await Promise.all(own.map(({ name, record }) => store.keep(name, record.body)));
      await sleep(holdBackMs);
      const last =
        own
          .map(({ name }) => name)
          .sort()
          .at(-1) ?? "";
      for (const { name, value } of await store.keptUnder(`held-${line}/`)) {
        if (name > last) break;
        await arrive(value, Number(name.split("/")[1]));
        await store.forget(name);
      }
      return [];
    } catch (error) {
      failed(error);
      return own.map(({ record }) => record.messageId);
    }
  }
}
