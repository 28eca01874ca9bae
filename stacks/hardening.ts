/// <reference path="../.sst/platform/config.d.ts" />
import type { Env } from "./env.ts";

interface Statement {
  readonly Principal?: { readonly AWS?: unknown; readonly Service?: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

const changed = (policy: unknown, change: (statement: Statement) => Statement): string => {
  const read = (typeof policy === "string" ? JSON.parse(policy) : policy) as Policy;
  return JSON.stringify({
    ...read,
    Statement: [read.Statement].flat().map((one) => change(one as Statement)),
  });
};

/** A policy without the statements that are about every resource there is. */
const withoutEverything = (policy: string): string => {
  const read = JSON.parse(policy) as { Statement: { Resource?: unknown }[] };
  const Statement = [read.Statement].flat().filter(({ Resource }) => Resource !== "*");
  return JSON.stringify({ ...read, Statement });
};

/** What SST's defaults leave open, closed. Comes first: it touches only what is made after it. */
export function hardening({ account }: Env): void {
  // `link` would grant everything on the linked resource.
  sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({
    properties: { name: table.name },
    include: [
      sst.aws.permission({
        actions: [
          "GetItem",
          "BatchGetItem",
          "PutItem",
          "UpdateItem",
          "DeleteItem",
          "Query",
          "ConditionCheckItem",
        ].map((action) => `dynamodb:${action}`),
        resources: [table.arn],
      }),
    ],
  }));
  sst.Linkable.wrap(sst.aws.Bus, (bus) => ({
    properties: { name: bus.name, arn: bus.arn },
    include: [sst.aws.permission({ actions: ["events:PutEvents"], resources: [bus.arn] })],
  }));

  // A queue's policy would let rules and topics of any account send to it.
  $transform(aws.sqs.QueuePolicy, (args) => {
    args.policy = $resolve([args.policy, account]).apply(([policy, id]) =>
      changed(policy, (statement) => ({
        ...statement,
        Condition: { ...statement.Condition, StringEquals: { "aws:SourceAccount": id } },
      })),
    );
  });

  // A container's roles would read every secret and open a shell: nothing of ours does either.
  $transform(aws.iam.Role, (args) => {
    args.inlinePolicies = $output(args.inlinePolicies).apply((policies) =>
      (policies ?? []).map((inline) => ({
        ...inline,
        policy: $output(inline.policy).apply((policy) => withoutEverything(policy ?? "")),
      })),
    );
  });

  // A function's role would trust every principal of the account beside Lambda.
  $transform(aws.iam.Role, (args) => {
    args.assumeRolePolicy = $output(args.assumeRolePolicy).apply((policy) =>
      changed(policy, (statement) => {
        const { AWS: _, ...Principal } = statement.Principal ?? {};
        return Principal.Service === "lambda.amazonaws.com"
          ? { ...statement, Principal }
          : statement;
      }),
    );
  });
}
