/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";

/** What the function that answers needs of the table, and what the one that syncs does beside. */
const reads = ["dynamodb:GetItem", "dynamodb:Query"];
const writes = ["dynamodb:PutItem", "dynamodb:UpdateItem"];

/**
 * The table of answers, the function that Lex asks, and the one that reads the pages. The bot itself is
 * built by `holdline faq build` (docs/decisions/0030-the-bot-is-built-by-command.md).
 */
export function faq(shared: Shared) {
  const { env, store } = shared;
  const table = new sst.aws.Dynamo("Faq", {
    fields: { pk: "string", sk: "string" },
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    deletionProtection: env.production,
    transform: {
      table: {
        serverSideEncryption: { enabled: true, kmsKeyArn: store.key.arn },
        pointInTimeRecovery: { enabled: true },
      },
    },
  });
  // Its name alone: a link to the table itself would let every function write.
  const named = new sst.Linkable("FaqTable", { properties: { name: table.name } });

  const answer = new sst.aws.Function("FaqAnswer", {
    ...functionArgs(shared, {
      handler: "services/faq/answer.lambda.handler",
      links: [named],
      keyActions: ["kms:Decrypt"],
      permissions: [{ actions: reads, resources: [table.arn] }],
    }),
  });
  for (const [version, principal, rest] of [
    ["V2", "lexv2.amazonaws.com", "bot-alias/*"],
    ["V1", "lex.amazonaws.com", "intent:*"],
  ] as const)
    new aws.lambda.Permission(`FaqAnswerInvokedByLex${version}`, {
      action: "lambda:InvokeFunction",
      function: answer.name,
      principal,
      // A bot's id is not known before it is built, which it is with this function's ARN.
      sourceArn: env.arn("lex", rest),
      sourceAccount: env.account,
    });

  const { pages, everyHours } = env.settings.faq;
  if (pages.length > 0)
    new sst.aws.CronV2("FaqSync", {
      schedule: everyHours === 1 ? "rate(1 hour)" : `rate(${everyHours} hours)`,
      retries: 0,
      function: functionArgs(shared, {
        handler: "services/faq/sync.lambda.handler",
        // A page a second, and what questions on them lead to: as long as a function may take.
        seconds: 900,
        links: [named],
        permissions: [{ actions: [...reads, ...writes], resources: [table.arn] }],
      }),
    });

  const botRole = new aws.iam.Role("BotRole", {
    description: `What the bot of ${env.name} may do: nothing but be one`,
    assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["lexv2.amazonaws.com"] }],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [env.account] },
          ],
        },
      ],
    }).json,
  });
  return { table, answer, botRole };
}
