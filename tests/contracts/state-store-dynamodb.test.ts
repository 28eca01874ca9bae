import { dynamoStore } from "@holdline/dynamodb";
import { describe } from "vitest";
import { ownTable } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";
import { stateStoreContract } from "./state-store.ts";

const aws = emulator();

describe("DynamoDB store", () =>
  stateStoreContract(async () => {
    const clock = { now: 1_000_000 };
    const store = dynamoStore({ ...(await ownTable(aws.the)), now: () => clock.now });
    return { store, clock, noList: "marks are found by their tokens alone" };
  }));
