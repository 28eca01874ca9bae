import type { FlowContact } from "../flow/contact.ts";
import { connectArn, lastPart, REGION } from "../identity.ts";
import type { World } from "../world.ts";
import { type Chat, currentSegment } from "./chat.ts";
import { metricsOf } from "./metrics.ts";

/** What a flow may do to a chat, done by whoever keeps the chats. */
export interface ChatHands {
  say(chatId: string, text: string): void;
  enqueue(chatId: string, queue: string): "queued" | "at-capacity" | "no-queue";
  finish(chatId: string, reason: string): void;
}

// All attributes of a contact together.
const LARGEST_ATTRIBUTES_BYTES = 32_768;

/** The size of a contact's attributes as Connect counts it. */
export function attributesFit(attributes: Readonly<Record<string, string>>): boolean {
  let bytes = 0;
  for (const [key, value] of Object.entries(attributes))
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes <= LARGEST_ATTRIBUTES_BYTES;
}

/** A chat as its flows see it. `keep` is called before anything that takes time. */
export function chatContact(
  world: World,
  hands: ChatHands,
  chatId: string,
  keep: () => void,
): FlowContact {
  const { chats, queues, flows } = world;
  const chat = (): Chat => {
    const found = chats.find(chatId);
    if (!found) throw new Error(`chat ${chatId} is gone`);
    return found;
  };
  return {
    channel: "CHAT",
    facts() {
      const now = chat();
      const segment = currentSegment(now);
      return {
        Attributes: now.attributes,
        Channel: "CHAT",
        ContactId: segment.contactId,
        InitialContactId: now.id,
        InstanceARN: connectArn(),
        AwsRegion: REGION,
        LanguageCode: now.languageCode,
        InitiationMethod: segment.method,
        Queue: now.targetQueue
          ? { Name: now.targetQueue, ARN: connectArn(`queue/${now.targetQueue}`) }
          : {},
      };
    },
    say: (text) => hands.say(chatId, text),
    ask: () => undefined,
    setAttributes(attributes) {
      const merged = { ...chat().attributes, ...attributes };
      if (!attributesFit(merged)) return false;
      chats.change(chatId, { attributes: merged });
      return true;
    },
    setLanguage: (languageCode) => void chats.change(chatId, { languageCode }),
    setTargetQueue(queue) {
      const targetQueue = lastPart(queue);
      if (!queues.settings(targetQueue)) return false;
      chats.change(chatId, { targetQueue });
      return true;
    },
    setHook(hook, flow) {
      if (!flows.find(flow)) return false;
      chats.change(chatId, { hooks: { ...chat().hooks, [hook]: flow } });
      return true;
    },
    setRouting({ priority, ageSeconds }) {
      chats.change(chatId, {
        ...(priority !== undefined && { priority }),
        ...(ageSeconds !== undefined && { ageAdjustSeconds: ageSeconds }),
      });
    },
    enqueue(queue) {
      const { targetQueue, state } = chat();
      const wanted = queue === undefined ? targetQueue : lastPart(queue);
      // TransferContactToQueue is not allowed in a queue flow, nor the other one outside it.
      if (wanted === undefined || (queue === undefined) === (state === "queued")) return "no-queue";
      return hands.enqueue(chatId, wanted);
    },
    hoursOpen(queue) {
      const settings = queues.settings(lastPart(queue ?? chat().targetQueue ?? ""));
      return settings && settings.hours === "open";
    },
    metrics(queue) {
      const now = chat();
      return metricsOf(world, lastPart(queue ?? now.targetQueue ?? ""), now.id);
    },
    invoke(functionArn, parameters, limitMs) {
      keep();
      const now = chat();
      const segment = currentSegment(now);
      const event = {
        Name: "ContactFlowEvent",
        Details: {
          ContactData: {
            Attributes: now.attributes,
            Channel: "CHAT",
            ContactId: segment.contactId,
            InitialContactId: now.id,
            PreviousContactId: now.segments.at(-2)?.contactId ?? now.id,
            // A chat that an API started has no endpoints; the phone number travels in Attributes.
            CustomerEndpoint: null,
            CustomerId: null,
            SystemEndpoint: null,
            InitiationMethod: segment.method,
            InstanceARN: connectArn(),
            LanguageCode: now.languageCode,
            MediaStreams: { Customer: { Audio: null } },
            Queue: now.targetQueue
              ? { ARN: connectArn(`queue/${now.targetQueue}`), Name: now.targetQueue }
              : null,
            References: {},
            Description: null,
            Name: null,
          },
          Parameters: parameters,
        },
      };
      return world.functions.invoke(lastPart(functionArn), event, limitMs);
    },
    knowsFlow: (flow) => flows.find(flow) !== undefined,
    disconnect: () => hands.finish(chatId, "FLOW_DISCONNECT"),
  };
}
