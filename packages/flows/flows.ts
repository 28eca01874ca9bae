import * as to from "./actions.ts";
import { type Flow, flow } from "./flow.ts";

/** What the flows name of an instance. */
export interface FlowParameters {
  /** Connect's queue for texts. */
  readonly smsQueueArn: string;
  readonly optInFunctionArn: string;
  readonly offerStatusFunctionArn: string;
  /** Flows that others name: theirs come first. */
  readonly customerQueueFlowArn: string;
  readonly disconnectFlowArn: string;
  readonly callerQueueFlowArn: string;
  /** Where callers wait whose call does not say (attribute `queue`); without it such a call ends in regret. */
  readonly voiceQueueArn?: string | undefined;
  /** A caller is offered to go on by text when the oldest has waited longer than this. */
  readonly offerAfterSeconds?: number;
  /** How often a waiting chat is told its place: at least 120. */
  readonly markerSeconds?: number;
}

const marker = (facts: string) => `##QUEUE## ${facts}`;

/** Says a waiting chat's place in line, again and again, and never gives up. */
export const customerQueueFlow = ({
  markerSeconds = 120,
}: Pick<FlowParameters, "markerSeconds"> = {}): Flow =>
  flow(
    {
      name: "customer-queue",
      type: "CUSTOMER_QUEUE",
      description: "Holdline: tells the place in line of a chat that waits",
    },
    [
      to.readMetrics("metrics", "Chat", "marker", "marker-bare"),
      to.say(
        "marker",
        marker(
          "state=WAITING position=$.Metrics.Queue.Position size=$.Metrics.Queue.Size oldest=$.Metrics.Queue.OldestContactAge",
        ),
        "wait",
      ),
      to.say("marker-bare", marker("state=WAITING"), "wait"),
      to.wait("wait", markerSeconds, "metrics", "end"),
      to.endFlow("end"),
    ],
  );

/** Ends a chat whose agent has gone. */
export const disconnectFlow = (): Flow =>
  flow(
    {
      name: "disconnect",
      type: "CONTACT_FLOW",
      description: "Holdline: ends a chat when the agent has gone",
    },
    [to.disconnect("bye")],
  );

/** Seconds waited on the phone count in line, in steps: the block takes constants alone. */
const ages = [6, 4, 3, 2, 1].map((hours) => ({ id: `age-${hours}h`, seconds: hours * 3_600 }));

/** What StartChatContact runs: hooks, a place in line that honours the wait on the phone, the queue. */
export const smsChatFlow = (parameters: FlowParameters): Flow =>
  flow(
    { name: "sms-chat", type: "CONTACT_FLOW", description: "Holdline: a conversation by text" },
    [
      to.logging("log", "queue-hook"),
      to.hook("queue-hook", "CustomerQueue", parameters.customerQueueFlowArn, "end-hook"),
      to.hook("end-hook", "CustomerRemaining", parameters.disconnectFlowArn, "waited"),
      to.compare(
        "waited",
        "$.Attributes.waitedSeconds",
        ages.map(({ id, seconds }) => ["NumberGreaterOrEqualTo", String(seconds), id] as const),
        "asked-queue",
      ),
      ...ages.map(({ id, seconds }) => to.forwardBy(id, seconds, "asked-queue")),
      to.chooseQueue("asked-queue", "$.Attributes.queue", "hours", "sms-queue"),
      to.chooseQueue("sms-queue", parameters.smsQueueArn, "hours", "abandoned"),
      to.whenOpen("hours", "transfer", "closed"),
      to.say("closed", marker("state=CLOSED"), "bye"),
      to.enterQueue("transfer", "full", "abandoned"),
      to.say("full", marker("state=FULL"), "bye"),
      to.say("abandoned", marker("state=ABANDONED"), "bye"),
      to.disconnect("bye"),
    ],
  );

/** How often it is asked what became of the text, while its caller waits on the phone. */
const askEverySeconds = 20;

/**
 * What a caller hears who chose text and waits in the queue: that their place is kept, until the text is on
 * their phone or they have answered it. A landline, which no text reaches, stays on the line.
 */
export const callerQueueFlow = ({
  offerStatusFunctionArn,
}: Pick<FlowParameters, "offerStatusFunctionArn">): Flow =>
  flow(
    {
      name: "caller-queue",
      type: "CUSTOMER_QUEUE",
      description: "Holdline: keeps a caller's place on the phone until the text has arrived",
    },
    [
      to.sayInQueue(
        "hold",
        "We have sent you a text message. Until it arrives we keep your place here.",
        askEverySeconds,
        "status",
        "end",
      ),
      to.invoke(
        "status",
        offerStatusFunctionArn,
        { smsNumber: "$.Attributes.smsNumber" },
        "which",
        "hold",
      ),
      to.compare(
        "which",
        "$.External.status",
        [
          ["Equals", "accepted", "accepted"],
          ["Equals", "delivered", "delivered"],
        ],
        "hold",
      ),
      to.say("accepted", "Thank you. We go on by text message. Goodbye.", "bye"),
      to.say(
        "delivered",
        "Our text message is on your phone. Answer YES to it, and your place in line goes with you. Goodbye.",
        "bye",
      ),
      to.disconnect("bye"),
      to.endFlow("end"),
    ],
  );

/** What a caller hears: the offer to go on by text, and in any case their place on the phone. */
export const voiceDeflectionFlow = ({
  optInFunctionArn,
  callerQueueFlowArn,
  voiceQueueArn,
  offerAfterSeconds = 7_200,
}: Pick<
  FlowParameters,
  "optInFunctionArn" | "callerQueueFlowArn" | "voiceQueueArn" | "offerAfterSeconds"
>): Flow =>
  flow(
    {
      name: "voice-deflection",
      type: "CONTACT_FLOW",
      description: "Holdline: offers callers who would wait long to go on by text",
    },
    [
      to.logging("log", "queue"),
      to.chooseQueue(
        ...(["queue", "$.Attributes.queue", "long-wait"] as const),
        voiceQueueArn === undefined ? "sorry" : "our-queue",
      ),
      ...(voiceQueueArn === undefined
        ? []
        : [to.chooseQueue("our-queue", voiceQueueArn, "long-wait", "sorry")]),
      to.whenWaitIsOver("long-wait", offerAfterSeconds, "metrics", "stay"),
      to.readMetrics("metrics", "Voice", "ask"),
      to.askForKey(
        "ask",
        "All our agents are busy, and the wait is long. To go on by text message instead and keep your place, press 1. To stay on the line, just wait.",
        "1",
        "opt-in",
        "stay",
      ),
      to.invoke(
        "opt-in",
        optInFunctionArn,
        {
          queue: "$.Queue.Name",
          secondsWaited: "$.Attributes.secondsWaited",
          estimatedWaitSeconds: "$.Metrics.Queue.OldestContactAge",
          language: "$.LanguageCode",
          smsNumber: "$.Attributes.smsNumber",
        },
        "was-offered",
        "no-text",
      ),
      to.compare(
        "was-offered",
        "$.External.offered",
        [["Equals", "true", "texted"]],
        "cannot-text",
      ),
      to.say(
        "texted",
        "We have sent you a text message from $.External.smsNumber. Answer YES to it to go on by text. Until it arrives we keep your place here.",
        "remember",
      ),
      to.remember("remember", { smsNumber: "$.External.smsNumber" }, "wait-for-text"),
      to.hook("wait-for-text", "CustomerQueue", callerQueueFlowArn, "stay-quietly"),
      to.say(
        "cannot-text",
        "We cannot send text messages to the phone you are calling from. Please stay on the line, we have kept your place.",
        "stay-quietly",
      ),
      to.say(
        "no-text",
        "Sorry, we cannot send you a text message right now. Please stay on the line, we have kept your place.",
        "stay-quietly",
      ),
      to.say("stay", "Thank you for waiting. Your call will be answered in turn.", "stay-quietly"),
      to.enterQueue("stay-quietly", "full", "sorry"),
      to.say(
        "full",
        "Sorry, we cannot take more calls at the moment. Please call again later.",
        "bye",
      ),
      to.say(
        "sorry",
        "Sorry, something went wrong on our side. Please call again in a moment.",
        "bye",
      ),
      to.disconnect("bye"),
    ],
  );

/** All flows, those that others name first. */
export const contactFlows = (parameters: FlowParameters): readonly Flow[] => [
  customerQueueFlow(parameters),
  disconnectFlow(),
  callerQueueFlow(parameters),
  smsChatFlow(parameters),
  voiceDeflectionFlow(parameters),
];
