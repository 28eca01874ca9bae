import { randomUUID } from "node:crypto";
import { ACCOUNT, REGION } from "../identity.ts";
import type { QueueStore } from "../sqs/store.ts";
import type { World } from "../world.ts";

/** The queue that two-way texts arrive in, and the topic they come by. */
export const INBOUND = "sms-inbound";

/** The queue that delivery events arrive in, and the topic they come by. */
export const DELIVERY = "sms-delivery";

const REORDER_WITHIN_MS = 200;
const CERTIFICATE = `https://sns.${REGION}.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;

/** The stand-in for SNS: each topic has one subscription, the queue of its name, with raw delivery off. */
export interface Topics {
  publish(topic: string, payload: unknown, about?: Published): void;
}

interface Published {
  readonly attributes?: Readonly<Record<string, string>>;
  /** Epoch ms; now, where it is not said. */
  readonly at?: number;
}

/** Topics that deliver into queues, twice or out of order when the faults say so. */
export function topics(world: World, queues: QueueStore): Topics {
  const send = (topic: string, body: string) => {
    // Out of order is not late: each message hides for a random moment, and is on disk all the while.
    const delayMs = world.faults.now.reorder ? Math.random() * REORDER_WITHIN_MS : 0;
    queues.send(topic, { body, delayMs });
  };
  return {
    publish(topic, payload, { attributes, at = Date.now() } = {}) {
      // A topic without a subscription delivers to nobody.
      if (!queues.find(topic)) return;
      const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:${topic}`;
      const body = JSON.stringify({
        Type: "Notification",
        MessageId: randomUUID(),
        TopicArn: arn,
        Message: JSON.stringify(payload),
        Timestamp: new Date(at).toISOString(),
        // Consumers of a queue check no signature; one that tries must see that this is no real one.
        SignatureVersion: "1",
        Signature: "SIMULATED",
        SigningCertURL: CERTIFICATE,
        ...(attributes && { MessageAttributes: spelt(attributes) }),
        UnsubscribeURL: `https://sns.${REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}:22222222-aaaa-bbbb-cccc-333333333333`,
      });
      send(topic, body);
      if (world.faults.now.duplicate) send(topic, body);
    },
  };
}

const spelt = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, Value]) => [name, { Type: "String", Value }]),
  );
