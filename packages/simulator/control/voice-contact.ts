import { randomUUID } from "node:crypto";
import { metricsOf } from "../chat/metrics.ts";
import type { FlowContact } from "../flow/contact.ts";
import { connectArn, lastPart, REGION } from "../identity.ts";
import type { World } from "../world.ts";

/** A call to be simulated. */
export interface NewCall {
  readonly from: string;
  readonly to: string;
  readonly queue: string;
  readonly waitSeconds: number;
  readonly press: string | undefined;
  readonly language: string;
}

/** One thing that happened on the line. */
export interface Step {
  readonly action: string;
  readonly text?: string;
}

/** A call as its flow sees it, with a record of what the caller heard and did. */
export function voiceContact(world: World, call: NewCall) {
  const contactId = randomUUID();
  const steps: Step[] = [];
  let attributes: Readonly<Record<string, string>> = {
    queue: call.queue,
    secondsWaited: String(call.waitSeconds),
  };
  let language = call.language;
  let targetQueue: string | undefined;
  let press = call.press;
  let queueFlow: string | undefined;
  const endpoint = (address: string) => ({ Address: address, Type: "TELEPHONE_NUMBER" });
  const queueFact = () =>
    targetQueue ? { Name: targetQueue, ARN: connectArn(`queue/${targetQueue}`) } : undefined;
  const data = () => ({
    Attributes: attributes,
    Channel: "VOICE",
    ContactId: contactId,
    InitialContactId: contactId,
    PreviousContactId: contactId,
    CustomerEndpoint: endpoint(call.from),
    CustomerId: null,
    SystemEndpoint: endpoint(call.to),
    InitiationMethod: "INBOUND",
    InstanceARN: connectArn(),
    LanguageCode: language,
    MediaStreams: { Customer: { Audio: null } },
    Queue: queueFact() ?? null,
    References: {},
    Description: null,
    Name: null,
  });
  const contact: FlowContact = {
    channel: "VOICE",
    facts: () => ({ ...data(), Queue: queueFact() ?? {}, AwsRegion: REGION }),
    say: (text) => void steps.push({ action: "heard", text }),
    ask(text) {
      steps.push({ action: "heard", text });
      const pressed = press;
      // A key is pressed once; a flow that asks again meets silence.
      press = undefined;
      steps.push(
        pressed === undefined ? { action: "silence" } : { action: "pressed", text: pressed },
      );
      return pressed;
    },
    setAttributes(more) {
      attributes = { ...attributes, ...more };
      return true;
    },
    setLanguage(code) {
      language = code;
    },
    setTargetQueue(queue) {
      const name = lastPart(queue);
      if (!world.queues.settings(name)) return false;
      targetQueue = name;
      return true;
    },
    setHook(hook, flow) {
      if (!world.flows.find(flow)) return false;
      if (hook === "CustomerQueue") queueFlow = flow;
      return true;
    },
    setRouting() {},
    enqueue(queue) {
      const name = queue === undefined ? targetQueue : lastPart(queue);
      const settings = name === undefined ? undefined : world.queues.settings(name);
      if (!settings) return "no-queue";
      if (
        settings.capacity !== undefined &&
        world.queues.sizeOf(settings.name) >= settings.capacity
      )
        return "at-capacity";
      steps.push({ action: "queued", text: settings.name });
      return "queued";
    },
    hoursOpen(queue) {
      const settings = world.queues.settings(lastPart(queue ?? targetQueue ?? ""));
      return settings && settings.hours === "open";
    },
    metrics(queue) {
      const metrics = metricsOf(world, lastPart(queue ?? targetQueue ?? ""));
      // The wait of the voice queue is what the caller of the door says it is: no calls wait here.
      return (
        metrics && { ...metrics, size: Math.max(1, metrics.size), oldestSeconds: call.waitSeconds }
      );
    },
    async invoke(functionArn, parameters, limitMs) {
      const name = lastPart(functionArn);
      const event = {
        Name: "ContactFlowEvent",
        Details: { ContactData: data(), Parameters: parameters },
      };
      try {
        const answer = await world.functions.invoke(name, event, limitMs);
        steps.push({ action: "invoked", text: name });
        return answer;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        steps.push({ action: "invocation-failed", text: reason });
        throw error;
      }
    },
    knowsFlow: (flow) => world.flows.find(flow) !== undefined,
    disconnect: () => void steps.push({ action: "disconnected" }),
  };
  return { contactId, contact, steps, queueFlow: () => queueFlow };
}
