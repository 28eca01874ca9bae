import { randomUUID } from "node:crypto";
import {
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Event } from "@holdline/events";
import {
  blankRecord,
  type Claim,
  DeadLetter,
  type Progress,
  type StageRecord,
  StaleLease,
  type StateStore,
  turnOf,
  type Work,
} from "@holdline/runtime";
import { delayedItem, seenItem } from "./shelves.ts";
import {
  collided,
  expires,
  type Item,
  keyOf,
  number,
  numberOf,
  refused,
  stringOf,
  type TableOptions,
  text,
} from "./table.ts";

export interface RecordOptions extends TableOptions {
  readonly now: () => number;
  readonly marksForMs: number;
  readonly seenForMs: number;
}

/** An item may have 400 KB (DynamoDB quotas); the rest is for names and what a dead letter adds. */
const mostBytes = 380_000;
const recordOf = (body: string | undefined): StageRecord =>
  body ? (JSON.parse(body) as StageRecord) : blankRecord;

/** Claims, commits and marks: one item for each (stage, key), with lease, record and outbox in it. */
export function records({ client, table: TableName, now, marksForMs, seenForMs }: RecordOptions) {
  const itemOf = ({ stage, key }: Work) => ({ TableName, Key: keyOf.record(stage, key) });
  /** Leases whose commit had nothing to publish gave themselves back. */
  const givenBack = new Set<string>();

  const free = { "#until": "until", "#token": "token" };
  const held = { "#token": "token" };

  /** Changes the record while the lease holds; false when it does not. */
  async function whileHeld(work: Work, token: string, update: string, values: Item = {}) {
    const names = { ...held, ...(update.includes("#until") && { "#until": "until" }) };
    try {
      await client.send(
        new UpdateItemCommand({
          ...itemOf(work),
          UpdateExpression: update,
          ConditionExpression: "#token = :token",
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ":token": text(token), ...values },
        }),
      );
      return true;
    } catch (error) {
      if (refused(error)) return false;
      throw error;
    }
  }

  const release: StateStore["release"] = async (work, token, record) => {
    const body = record && { ":body": text(JSON.stringify(record)) };
    await whileHeld(work, token, `${body ? "SET body = :body " : ""}REMOVE #token, #until`, body);
  };

  const peek: StateStore["peek"] = async (work) => {
    const read = { ...itemOf(work), ConsistentRead: true, ProjectionExpression: "body" };
    const { Item } = await client.send(new GetItemCommand(read));
    return recordOf(stringOf(Item?.body));
  };

  const claim: StateStore["claim"] = async (work, { leaseMs, gapMs, ordered }): Promise<Claim> => {
    const token = randomUUID();
    let item: Item = {};
    try {
      const answer = await client.send(
        new UpdateItemCommand({
          ...itemOf(work),
          UpdateExpression: "SET #token = :token, #until = :until",
          ConditionExpression: "attribute_not_exists(#until) OR #until <= :now",
          ExpressionAttributeNames: free,
          ExpressionAttributeValues: {
            ":token": text(token),
            ":until": number(now() + leaseMs),
            ":now": number(now()),
          },
          ReturnValues: "ALL_OLD",
        }),
      );
      item = answer.Attributes ?? {};
    } catch (error) {
      if (refused(error)) return { claim: "wait", why: "held", sinceMs: 0 };
      throw error;
    }
    const outbox = stringOf(item.outbox);
    if (outbox) return { claim: "outbox", token, events: JSON.parse(outbox) as Event[] };
    const record = recordOf(stringOf(item.body));
    const turn = work.position && turnOf(record, work.position, now(), gapMs, ordered);
    if (turn?.turn === "seen") {
      await release(work, token);
      return { claim: "seen" };
    }
    if (turn?.turn === "early") {
      const { record: noticed, sinceMs } = turn;
      await release(work, token, noticed);
      return { claim: "wait", why: "early", sinceMs };
    }
    const { attempt = 1, late = false, gap = 0 } = turn ?? {};
    return { claim: "mine", token, attempt, late, gap, record };
  };

  const commit: StateStore["commit"] = async (work, token, decision) => {
    const { record, publish, delay, seen, forget } = decision;
    const body = JSON.stringify(record);
    const outbox = publish.length > 0 ? JSON.stringify(publish) : undefined;
    if (Buffer.byteLength(body) + Buffer.byteLength(outbox ?? "") > mostBytes)
      throw new DeadLetter("record-too-large");
    const update = {
      ...itemOf(work),
      UpdateExpression: outbox
        ? "SET body = :body, outbox = :outbox"
        : "SET body = :body REMOVE #token, #until",
      ConditionExpression: "#token = :token AND attribute_not_exists(outbox)",
      ExpressionAttributeNames: outbox ? held : free,
      ExpressionAttributeValues: {
        ":token": text(token),
        ":body": text(body),
        ...(outbox && { ":outbox": text(outbox) }),
      },
    };
    const also: TransactWriteItem[] = [
      ...delay.map((one) => ({ Put: { TableName, Item: delayedItem(one) } })),
      ...seen.map((id) => ({ Put: { TableName, Item: seenItem(id, now() + seenForMs) } })),
      ...forget.map((mark) => ({ Delete: { TableName, Key: keyOf.mark(mark) } })),
    ];
    try {
      if (also.length === 0) await client.send(new UpdateItemCommand(update));
      else await transact([{ Update: update }, ...also]);
    } catch (error) {
      if (refused(error)) throw new StaleLease("the lease was lost, or has committed");
      throw error;
    }
    if (!outbox) givenBack.add(token);
  };

  /** A transaction that met another one is tried again: nothing of it was written. */
  async function transact(TransactItems: TransactWriteItem[], tries = 5): Promise<void> {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
    } catch (error) {
      if (tries <= 1 || !collided(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 50));
      await transact(TransactItems, tries - 1);
    }
  }

  const clear: StateStore["clear"] = async (work, token) => {
    if (givenBack.delete(token)) return;
    await whileHeld(work, token, "REMOVE outbox, #token, #until");
  };

  /** Writes or takes back a mark, in one step with a look at the lease. */
  async function marking(work: Work, lease: string, mark: TransactWriteItem): Promise<void> {
    const holds = {
      ...itemOf(work),
      ConditionExpression: "#token = :token",
      ExpressionAttributeNames: held,
      ExpressionAttributeValues: { ":token": text(lease) },
    };
    try {
      await transact([{ ConditionCheck: holds }, mark]);
    } catch (error) {
      if (refused(error)) throw new StaleLease("the lease was lost");
      throw error;
    }
  }

  const put = (token: string, mark: object): TransactWriteItem => ({
    Put: {
      TableName,
      Item: {
        ...keyOf.mark(token),
        body: text(JSON.stringify(mark)),
        expires: expires(now() + marksForMs),
      },
    },
  });

  const begin: StateStore["begin"] = (work, lease, token, times) =>
    marking(
      work,
      lease,
      times === 0
        ? { Delete: { TableName, Key: keyOf.mark(token) } }
        : put(token, { begunAt: now(), times }),
    );
  const done: StateStore["done"] = (work, lease, token, outcome) =>
    marking(work, lease, put(token, { outcome: outcome ?? null }));

  /** How far a stage has come in a conversation, and until when it has it in hand. */
  async function progress(stage: string, key: string): Promise<Progress> {
    const { Item = {} } = await client.send(
      new GetItemCommand({ ...itemOf({ stage, key }), ConsistentRead: true }),
    );
    const until = numberOf(Item.until) ?? 0;
    const { cursors } = recordOf(stringOf(Item.body));
    return { cursors, heldUntil: until > now() ? until : null };
  }

  return { claim, commit, clear, release, peek, begin, done, progress };
}
