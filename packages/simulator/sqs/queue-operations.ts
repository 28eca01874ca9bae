import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Operation, valid } from "../http/operation.ts";
import { ACCOUNT } from "../identity.ts";
import { foundQueue, operation, QueueUrl } from "./queue-request.ts";
import { badParameter } from "./service.ts";
import { type QueueRecord, type QueueStore, queueArn } from "./store.ts";

const DEFAULTS: Readonly<Record<string, string>> = {
  VisibilityTimeout: "30",
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
};
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1_024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};
const TEXTS = ["Policy", "RedriveAllowPolicy", "KmsMasterKeyId", "SqsManagedSseEnabled"];
const Redrive = z.object({
  deadLetterTargetArn: z.string().min(1),
  maxReceiveCount: z.coerce.number().int().min(1).max(1_000),
});

const QueueName = z.string().regex(/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/);
const Attributes = z.record(z.string(), z.string()).nullish();

/** Making, finding and changing queues. */
export function queueOperations(store: QueueStore, origin: () => string): readonly Operation[] {
  const url = (name: string) => `${origin()}/${ACCOUNT}/${name}`;
  return [
    operation("CreateQueue", ({ body }) => {
      const request = valid(z.object({ QueueName, Attributes }), body, badParameter);
      const { QueueName: name } = request;
      if (name.endsWith(".fifo") || request.Attributes?.FifoQueue === "true")
        throw new AwsError(
          "UnsupportedOperation",
          400,
          "The stand-in has standard queues only: Holdline keeps order itself.",
        );
      const attributes = checked(request.Attributes ?? {});
      const before = store.find(name);
      if (before) {
        for (const [key, value] of Object.entries(attributes))
          if ((before.attributes[key] ?? DEFAULTS[key]) !== value)
            throw new AwsError(
              "QueueNameExists",
              400,
              `A queue already exists with the same name and a different value for attribute ${key}`,
            );
        return { QueueUrl: url(name) };
      }
      const now = Date.now();
      store.save({ name, attributes, createdAt: now, changedAt: now });
      return { QueueUrl: url(name) };
    }),
    operation("GetQueueUrl", ({ body }) => {
      const request = valid(z.object({ QueueName: z.string().min(1) }), body, badParameter);
      return { QueueUrl: url(foundQueue(store, request.QueueName).name) };
    }),
    operation("ListQueues", ({ body }) => {
      const request = valid(
        z.object({ QueueNamePrefix: z.string().nullish() }),
        body,
        badParameter,
      );
      const names = [...store.all()].map(({ name }) => name);
      const prefix = request.QueueNamePrefix ?? "";
      const QueueUrls = names.filter((name) => name.startsWith(prefix)).map(url);
      return QueueUrls.length > 0 ? { QueueUrls } : {};
    }),
    operation("DeleteQueue", ({ body }) => {
      const request = valid(z.object({ QueueUrl }), body, badParameter);
      store.drop(foundQueue(store, request.QueueUrl).name);
      return {};
    }),
    operation("PurgeQueue", ({ body }) => {
      const request = valid(z.object({ QueueUrl }), body, badParameter);
      store.purge(foundQueue(store, request.QueueUrl).name);
      return {};
    }),
    operation("GetQueueAttributes", ({ body }) => {
      const AttributeNames = z.array(z.string()).nullish();
      const request = valid(z.object({ QueueUrl, AttributeNames }), body, badParameter);
      const queue = foundQueue(store, request.QueueUrl);
      const wanted = request.AttributeNames ?? [];
      const shown = Object.entries(described(store, queue)).filter(
        ([name]) => wanted.includes("All") || wanted.includes(name),
      );
      return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {};
    }),
    operation("SetQueueAttributes", ({ body }) => {
      const request = valid(z.object({ QueueUrl, Attributes }), body, badParameter);
      const queue = foundQueue(store, request.QueueUrl);
      const attributes = { ...queue.attributes, ...checked(request.Attributes ?? {}) };
      store.save({ ...queue, attributes, changedAt: Date.now() });
      return {};
    }),
  ];
}

function checked(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    const number = Number(value);
    if (range && (!Number.isInteger(number) || number < range[0] || number > range[1]))
      throw new AwsError("InvalidAttributeValue", 400, `Invalid value for the parameter ${name}.`);
    if (name === "RedrivePolicy" && value !== "" && !isRedrive(value))
      throw new AwsError("InvalidAttributeValue", 400, "Invalid value for RedrivePolicy.");
    if (!range && name !== "RedrivePolicy" && !TEXTS.includes(name))
      throw new AwsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
  }
  return attributes;
}

function isRedrive(text: string): boolean {
  try {
    return Redrive.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function described(store: QueueStore, queue: QueueRecord): Record<string, string> {
  const { visible, hidden, delayed } = store.counts(queue.name);
  return {
    QueueArn: queueArn(queue.name),
    ...DEFAULTS,
    ...queue.attributes,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
  };
}
