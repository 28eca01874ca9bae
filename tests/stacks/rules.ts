import type { Registered, Statement, Synth } from "./synth.ts";

/** The resources of a type, such as `aws:sqs/queue:Queue`. */
export const ofType = (
  { resources }: Pick<Synth, "resources">,
  type: string,
): readonly Registered[] => resources.filter((one) => one.type === type && one.kind === "resource");

/** The statements of a policy, whether it is written as one or as a list. */
export const statementsOf = (policy: string): readonly Statement[] =>
  [(JSON.parse(policy) as { Statement: Statement | Statement[] }).Statement].flat();

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : ([value].flat() as T[]);

interface Granted {
  readonly role: string;
  readonly statement: Statement;
}

/** What each role may do, by its inline policies. */
export const granted = (synth: Pick<Synth, "resources">): readonly Granted[] =>
  ofType(synth, "aws:iam/role:Role").flatMap(({ name: role, inputs }) =>
    (inputs.inlinePolicies ?? []).flatMap(({ policy }: { policy: string }) =>
      statementsOf(policy).map((statement) => ({ role, statement })),
    ),
  );

const queueOf = (synth: Pick<Synth, "resources">, arn: string) =>
  ofType(synth, "aws:sqs/queue:Queue").find(({ inputs }) => arn.endsWith(`:${inputs.name}`));

const mappings = (synth: Pick<Synth, "resources">) =>
  ofType(synth, "aws:lambda/eventSourceMapping:EventSourceMapping").map((mapping) => ({
    mapping,
    queue: queueOf(synth, mapping.inputs.eventSourceArn),
    fn: ofType(synth, "aws:lambda/function:Function").find(({ inputs }) =>
      mapping.inputs.functionName.endsWith(`:${inputs.name}`),
    ),
  }));

/** Names AWS cuts nobody's short for, and how long they may be. */
const longest: Readonly<Record<string, readonly [string, number]>> = {
  "aws:cloudwatch/eventArchive:EventArchive": ["name", 48],
  "aws:cloudwatch/eventRule:EventRule": ["name", 64],
  "aws:cloudwatch/eventTarget:EventTarget": ["targetId", 64],
  "aws:sqs/queue:Queue": ["name", 80],
  "aws:iam/role:Role": ["name", 64],
  "aws:lambda/function:Function": ["name", 64],
};

/** Wildcards in a resource that cannot be avoided, with the reason. */
export const unavoidable: Readonly<Record<string, string>> = {
  "connect:StartChatContact": "a contact's id is not known before the call that makes it",
};

/** Rules over everything that would be created. Each answers what breaks it, in words. */
export const rules: Readonly<
  Record<string, (synth: Pick<Synth, "resources">) => readonly string[]>
> = {
  "no role may do everything in a service": (synth) =>
    granted(synth).flatMap(({ role, statement }) =>
      list(statement.Action)
        .filter((action) => action.includes("*"))
        .map((action) => `${role}: ${action}`),
    ),
  "every grant names its resource, but for those with a reason": (synth) =>
    granted(synth)
      .filter(({ statement }) => list(statement.Resource).some((arn) => arn.includes("*")))
      .filter(({ statement }) => !list(statement.Action).some((action) => action in unavoidable))
      .map(({ role, statement }) => `${role}: ${statement.Action} on ${statement.Resource}`),
  "a role trusts a service and nobody else": (synth) =>
    ofType(synth, "aws:iam/role:Role").flatMap(({ name, inputs }) =>
      statementsOf(inputs.assumeRolePolicy)
        .filter(({ Principal = {} }) => Object.keys(Principal).join() !== "Service")
        .map(({ Principal }) => `${name}: ${JSON.stringify(Principal)}`),
    ),
  "whatever is delivered to a queue is let in by its policy": (synth) => {
    const allowed = new Set(
      ofType(synth, "aws:sqs/queuePolicy:QueuePolicy").flatMap(({ inputs }) =>
        statementsOf(inputs.policy).flatMap(({ Resource, Principal }) =>
          list(Resource).flatMap((arn) => list(Principal?.Service).map((who) => `${who} ${arn}`)),
        ),
      ),
    );
    const targets = ofType(synth, "aws:cloudwatch/eventTarget:EventTarget").flatMap(({ inputs }) =>
      [inputs.arn, inputs.deadLetterConfig?.arn].map((arn) => `events.amazonaws.com ${arn}`),
    );
    const subscriptions = ofType(synth, "aws:sns/topicSubscription:TopicSubscription")
      .filter(({ inputs }) => inputs.protocol === "sqs")
      .flatMap(({ inputs }) => {
        const { deadLetterTargetArn } = JSON.parse(inputs.redrivePolicy ?? "{}");
        return [inputs.endpoint, deadLetterTargetArn].map((arn) => `sns.amazonaws.com ${arn}`);
      });
    return [...targets, ...subscriptions].filter((pair) => !allowed.has(pair));
  },
  "a queue has one policy": (synth) => {
    const urls = ofType(synth, "aws:sqs/queuePolicy:QueuePolicy").map(
      ({ inputs }) => inputs.queueUrl,
    );
    return urls.filter((url, n) => urls.indexOf(url) !== n);
  },
  "a service may send to a queue for this account alone": (synth) =>
    ofType(synth, "aws:sqs/queuePolicy:QueuePolicy").flatMap(({ name, inputs }) =>
      statementsOf(inputs.policy)
        .filter(({ Condition }) => !Condition?.StringEquals?.["aws:SourceAccount"])
        .map(() => name),
    ),
  "a carrier may publish to a topic for this account alone": (synth) =>
    ofType(synth, "aws:sns/topicPolicy:TopicPolicy").flatMap(({ name, inputs }) =>
      statementsOf(inputs.policy)
        .filter(({ Condition }) => !Condition?.StringEquals?.["aws:SourceAccount"])
        .map(() => name),
    ),
  "a queue hides a message for at least six times its function's timeout": (synth) =>
    mappings(synth)
      .filter(
        ({ queue, fn }) => (queue?.inputs.visibilityTimeoutSeconds ?? 0) < 6 * fn?.inputs.timeout,
      )
      .map(
        ({ queue, fn }) =>
          `${queue?.name}: ${queue?.inputs.visibilityTimeoutSeconds} s for ${fn?.inputs.timeout} s`,
      ),
  "a queue that a function reads has dead letters, after many receives": (synth) =>
    mappings(synth).flatMap(({ queue }) => {
      const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(
        queue?.inputs.redrivePolicy ?? "{}",
      );
      const dead = queueOf(synth, deadLetterTargetArn ?? "");
      if (!dead) return [`${queue?.name} has no dead-letter queue`];
      if (maxReceiveCount < 50)
        return [`${queue?.name} gives up after ${maxReceiveCount} receives`];
      // Dead letters are counted in days, and their age goes on from when they were first sent.
      return dead.inputs.messageRetentionSeconds > (queue?.inputs.messageRetentionSeconds ?? 0)
        ? []
        : [`${dead.name} keeps dead letters no longer than ${queue?.name} keeps messages`];
    }),
  "no rule brings a stage what was replayed": (synth) =>
    ofType(synth, "aws:cloudwatch/eventRule:EventRule")
      .filter(({ inputs }) => {
        const replay = JSON.parse(inputs.eventPattern)["replay-name"];
        return JSON.stringify(replay) !== '[{"exists":false}]';
      })
      // A debugging environment's own: no function reads its queue, which has a test of its own.
      .filter(({ name }) => name !== "BusSubscriberCaptureRuleRule")
      .map(({ name }) => name),
  "a rule's target has dead letters": (synth) =>
    ofType(synth, "aws:cloudwatch/eventTarget:EventTarget")
      .filter(({ inputs }) => !inputs.deadLetterConfig?.arn)
      .map(({ name }) => name),
  "a queue and its dead-letter queue are of one kind": (synth) =>
    ofType(synth, "aws:sqs/queue:Queue").flatMap(({ name, inputs }) => {
      const dead = queueOf(
        synth,
        JSON.parse(inputs.redrivePolicy ?? "{}").deadLetterTargetArn ?? "",
      );
      return dead && Boolean(dead.inputs.fifoQueue) !== Boolean(inputs.fifoQueue) ? [name] : [];
    }),
  "a function reports what failed of a batch": (synth) =>
    mappings(synth)
      .filter(
        ({ mapping }) => !mapping.inputs.functionResponseTypes?.includes("ReportBatchItemFailures"),
      )
      .map(({ mapping }) => mapping.name),
  "what is at rest is encrypted": (synth) => [
    ...ofType(synth, "aws:sqs/queue:Queue")
      .filter(({ inputs }) => inputs.sqsManagedSseEnabled !== true)
      .map(({ name }) => name),
    ...ofType(synth, "aws:dynamodb/table:Table")
      .filter(({ inputs }) => !inputs.serverSideEncryption?.kmsKeyArn)
      .map(({ name }) => name),
  ],
  "logs are not kept for ever": (synth) =>
    ofType(synth, "aws:cloudwatch/logGroup:LogGroup")
      .filter(({ inputs }) => !(inputs.retentionInDays > 0))
      .map(({ name }) => name),
  "nobody calls in": (synth) => [
    ...ofType(synth, "aws:ec2/securityGroup:SecurityGroup")
      .filter(({ inputs }) => (inputs.ingress ?? []).length > 0)
      .map(({ name }) => name),
    ...ofType(synth, "aws:lb/loadBalancer:LoadBalancer").map(({ name }) => name),
  ],
  "what anybody may call is the webhook of a channel, by its URL alone": (synth) => {
    const webhooks = ofType(synth, "aws:lambda/function:Function")
      .filter(({ inputs }) => inputs.environment?.variables?.HOLDLINE_CHANNEL)
      .map(({ inputs }) => inputs.name);
    return [
      ...ofType(synth, "aws:lambda/functionUrl:FunctionUrl")
        .filter(({ inputs }) => !webhooks.includes(inputs.functionName))
        .map(({ name }) => `${name} is a URL of no webhook`),
      ...ofType(synth, "aws:lambda/permission:Permission")
        .filter(({ inputs }) => inputs.principal === "*")
        .filter(
          ({ inputs }) =>
            !webhooks.includes(inputs.function) ||
            !(inputs.functionUrlAuthType === "NONE" || inputs.invokedViaFunctionUrl === true),
        )
        .map(({ name }) => `${name} lets everybody in`),
    ];
  },
  "names are no longer than AWS takes": (synth) =>
    synth.resources.flatMap(({ type, name, inputs }) => {
      const [property, most] = longest[type] ?? [];
      const given = property && inputs[property];
      return given && most && given.length > most ? [`${name}: ${given} has ${given.length}`] : [];
    }),
};
