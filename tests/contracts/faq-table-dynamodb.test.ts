import { dynamoFaqTable } from "@holdline/dynamodb";
import { livePairs, syncOf } from "@holdline/faq";
import { describe, expect, it } from "vitest";
import { ownTable } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";
import { at, pairOf } from "../support/faq-pairs.ts";
import { faqTableContract } from "./faq-table.ts";

const aws = emulator();
const terms = { review: "none", at } as const;

describe("DynamoDB FAQ table", () => {
  faqTableContract(async () => {
    const place = await ownTable(aws.the);
    return { table: dynamoFaqTable(place), other: dynamoFaqTable(place) };
  });

  it("never shows what a process wrote that died before it moved the pointer", async () => {
    const { client, table: name } = await ownTable(aws.the);
    const table = dynamoFaqTable({ client, table: name });
    let writes = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutItemCommand" && ++writes === 20) throw new Error("killed");
          return next(args);
        },
      { step: "initialize" },
    );
    const pairs = Array.from({ length: 50 }, (_, n) => pairOf(`pair-${n}`));
    const empty = await table.state();
    await expect(table.apply(0, syncOf(empty, pairs, terms).entries)).rejects.toThrow("killed");
    expect(await table.state()).toEqual(empty);
    await table.apply(0, syncOf(empty, [pairOf("hours")], terms).entries);
    expect(livePairs(await table.state()).map(({ id }) => id)).toEqual(["hours"]);
  });

  it("knows its own move again when the answer to it was lost", async () => {
    const { client, table: name } = await ownTable(aws.the);
    const table = dynamoFaqTable({ client, table: name });
    let lost = false;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          const moves = commandName === "UpdateItemCommand" && "ConditionExpression" in args.input;
          if (!moves || lost) return answer;
          lost = true;
          // What the client does by itself after a connection that broke.
          return next(args);
        },
      { step: "initialize" },
    );
    const { entries } = syncOf(await table.state(), [pairOf("hours")], terms);
    await table.apply(0, entries);
    expect(lost).toBe(true);
    expect((await table.state()).entries.size).toBe(1);
  });
});
