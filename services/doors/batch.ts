import type { Place } from "@holdline/channels";
import type { BatchAnswer } from "@holdline/eventbridge";

/** What is needed of a record that Lambda's poller brings from a queue. */
export interface DoorRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string };
}

/**
 * Lets a batch in, line by line and by SNS's time within each, and says which records must come again.
 *
 * Behind one that was not let in, those of its line come again too, so that they do not overtake it.
 */
export async function letIn(
  records: readonly DoorRecord[],
  placeOf: (body: string) => Place | undefined,
  arrive: (body: string, at: number) => Promise<void>,
  failed: (error: unknown) => void,
): Promise<BatchAnswer> {
  const lines = new Map<string, { readonly record: DoorRecord; readonly at: number }[]>();
  for (const record of records) {
    const { line = record.messageId, at = Number(record.attributes.SentTimestamp) } =
      placeOf(record.body) ?? {};
    const placed = { record, at: at ?? Number(record.attributes.SentTimestamp) };
    lines.set(line, [...(lines.get(line) ?? []), placed]);
  }
  const left = await Promise.all(
    [...lines.values()].map(async (line) => {
      line.sort((one, other) => one.at - other.at);
      for (const [nth, { record, at }] of line.entries()) {
        try {
          await arrive(record.body, at);
        } catch (error) {
          failed(error);
          return line.slice(nth);
        }
      }
      return [];
    }),
  );
  return {
    batchItemFailures: left.flat().map(({ record }) => ({ itemIdentifier: record.messageId })),
  };
}
