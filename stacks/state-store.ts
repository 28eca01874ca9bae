/// <reference path="../.sst/platform/config.d.ts" />
import type { Env } from "./env.ts";

/** The table that all state is in, with a key of our own, and the secret that conversations are named by. */
export function stateStore({ production, name }: Env) {
  const key = new aws.kms.Key("StateKey", {
    description: `State of ${name}: conversations, consent, credentials of open chats`,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  const state = new sst.aws.Dynamo("State", {
    fields: { pk: "string", sk: "string" },
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    ttl: "expires",
    deletionProtection: production,
    transform: {
      table: {
        serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
        pointInTimeRecovery: { enabled: true },
      },
    },
  });
  return { state, key, secret: new sst.Secret("ConversationSecret") };
}
