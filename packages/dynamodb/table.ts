import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";

/** Where a store keeps its items. */
export interface TableOptions {
  readonly client: DynamoDBClient;
  /** A table with string keys `pk` and `sk`, and TTL on `expires` (epoch seconds). */
  readonly table: string;
}

/** An item as DynamoDB spells it. */
export type Item = Record<string, AttributeValue>;

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const stringOf = (value: AttributeValue | undefined): string | undefined => value?.S;
export const numberOf = (value: AttributeValue | undefined): number | undefined =>
  value?.N === undefined ? undefined : Number(value.N);

/** When DynamoDB may delete an item that is over at `at` (epoch ms); it does so days later at times. */
export const expires = (at: number): AttributeValue => number(Math.ceil(at / 1_000));

/** The keys of everything kept: one item for each, but for what is listed together. */
export const keyOf = {
  record: (stage: string, key: string): Item => single(`record#${stage}#${key}`),
  mark: (token: string): Item => single(`mark#${token}`),
  seen: (id: string): Item => single(`seen#${id}`),
  bucket: (name: string): Item => single(`bucket#${name}`),
  lease: (name: string): Item => single(`lease#${name}`),
  /** Delayed drafts of a shard lie in the order they are due. */
  delayed: (shard: number, due: string, id: string): Item => ({
    pk: text(`delayed#${shard}`),
    sk: text(`${due}#${id}`),
  }),
  /** Values whose names begin alike, up to the first slash, lie together in the order of their names. */
  kept: (name: string): Item => ({ pk: text(shelfOf(name)), sk: text(name) }),
};

export const shelfOf = (name: string): string => `kept#${name.split("/")[0]}`;

const single = (pk: string): Item => ({ pk: text(pk), sk: text("-") });

/** Whether a write was refused because its condition did not hold; other failures are not for us to judge. */
export function refused(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code }) => Code === "ConditionalCheckFailed");
}

/** Whether a transaction met another one on the same item: nothing was written, and it may be tried again. */
export const collided = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  !refused(error) &&
  (error.CancellationReasons ?? []).some(({ Code }) => Code === "TransactionConflict");
