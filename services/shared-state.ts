import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoStore, leases } from "@holdline/dynamodb";
import { embedded } from "@holdline/embedded";
import type { StateStore } from "@holdline/runtime";
import { serveStore, sharedStore } from "@holdline/shared-store";
import type { Environment } from "./environment.ts";
import type { AwsPlace } from "./ports.live.ts";
import type { SharedLeases } from "./socket-holder/index.ts";

/** What processes that know nothing of each other share. */
export interface SharedState extends AsyncDisposable {
  readonly store: StateStore;
  readonly leases: Leases;
}

/** What only one process should do, by name. */
export interface Leases extends SharedLeases {
  /** Says that this process lives; true when something may be free now that was not. */
  beat(): Promise<boolean>;
  leave(): Promise<void>;
}

/** How long a process that went silent keeps what it holds: with the beat below, others take over within 5 s. */
const leaseMs = 3_500;
/** How often a process says that it lives. */
export const beatEveryMs = 1_000;

const socketOf = (env: Environment): string =>
  env.HOLDLINE_STORE?.startsWith("unix:")
    ? env.HOLDLINE_STORE.slice("unix:".length)
    : join(env.HOLDLINE_DATA, "store.sock");

/** The store that `HOLDLINE_STORE` names: another process of this machine, or a DynamoDB table. */
export async function sharedState(env: Environment, place: AwsPlace): Promise<SharedState> {
  const table = /^dynamodb:(.+)$/.exec(env.HOLDLINE_STORE ?? "")?.[1];
  if (table === undefined) {
    const shared = await sharedStore({ path: socketOf(env), leaseMs });
    return {
      ...{ store: shared.store, leases: shared },
      [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
    };
  }
  if (env.HOLDLINE_SECRET === undefined)
    throw new Error(
      "HOLDLINE_SECRET is not set; processes that share a DynamoDB table need the same one (32 characters or more)",
    );
  const client = new DynamoDBClient({ region: place.region });
  return {
    store: dynamoStore({ client, table }),
    leases: leases({ client, table, leaseMs }),
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}

/** Opens the data folder and shares its store with the other processes of this machine. */
export async function shareFolder(env: Environment) {
  if (env.HOLDLINE_STORE?.startsWith("dynamodb:"))
    throw new Error("HOLDLINE_STORE names a DynamoDB table: there is nothing to serve");
  const path = socketOf(env);
  const folder = await embedded({ folder: env.HOLDLINE_DATA, outbox: true });
  const served = await serveStore({ store: folder.store, path, leaseMs }).catch(async (error) => {
    await folder.abandon();
    throw error;
  });
  return {
    path,
    async close() {
      await served.close();
      await folder.close();
    },
  };
}
