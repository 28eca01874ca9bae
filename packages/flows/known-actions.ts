/** Kinds of flows, by where they run. */
export type Kind = "inbound" | "transfer" | "customer-queue" | "hold" | "whisper" | "disconnect";

interface Known {
  /** It ends the flow. */
  readonly terminal?: true;
  /** It goes round until something else happens to the contact. */
  readonly endless?: true;
  /** Error branches it must have. */
  readonly errors?: readonly string[];
  /** Error branches that old exports lack; without one the contact stops where it goes wrong. */
  readonly advised?: readonly string[];
  /** Values that must each have a branch. */
  readonly conditions?: readonly string[];
  readonly kinds?: readonly Kind[];
  /** Channels on which it does what it says. */
  readonly channels?: readonly ("voice" | "chat")[];
  readonly check?: (
    parameters: Readonly<Record<string, unknown>>,
    channel: "voice" | "chat" | undefined,
  ) => readonly string[];
}

const anyError = { errors: ["NoMatchingError"] } as const;

/** A static whole number between two; what is read when the flow runs cannot be checked. */
function between(value: unknown, least: number, most: number, name: string): readonly string[] {
  if (value === undefined || String(value).startsWith("$.")) return [];
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most
    ? []
    : [`${name} is ${String(value)}; it must be between ${least} and ${most}`];
}

const oneOf = (parameters: Readonly<Record<string, unknown>>, ...names: string[]) =>
  names.filter((name) => parameters[name] !== undefined).length === 1
    ? []
    : [`takes exactly one of ${names.join(", ")}`];

/**
 * The blocks of the flow language, and what each asks for (Amazon Connect API reference, "Actions in the flow
 * language"). A block that is not here may exist all the same.
 */
export const knownActions: Readonly<Record<string, Known>> = {
  MessageParticipant: {
    advised: ["NoMatchingError"],
    kinds: ["inbound", "transfer", "whisper", "customer-queue", "disconnect"],
    check: (parameters, channel) =>
      channel === "chat" && parameters.Text === undefined
        ? ["a chat is told Text alone"]
        : oneOf(parameters, "Text", "PromptId", "SSML", "Media"),
  },
  MessageParticipantIteratively: {
    // Without an error branch it stops the queue flow of a chat.
    advised: ["NoMatchingError"],
    endless: true,
    kinds: ["customer-queue", "hold"],
    channels: ["voice"],
  },
  UpdateContactAttributes: anyError,
  InvokeLambdaFunction: {
    ...anyError,
    check: ({ LambdaFunctionARN, InvocationTimeLimitSeconds }) => [
      ...(LambdaFunctionARN ? [] : ["names no function"]),
      ...between(InvocationTimeLimitSeconds, 1, 8, "InvocationTimeLimitSeconds"),
    ],
  },
  UpdateContactTargetQueue: {
    ...anyError,
    kinds: ["inbound", "transfer"],
    check: (parameters) => oneOf(parameters, "QueueId", "AgentId"),
  },
  TransferContactToQueue: {
    errors: ["QueueAtCapacity", "NoMatchingError"],
    kinds: ["inbound", "transfer"],
  },
  DequeueContactAndTransferToQueue: {
    errors: ["QueueAtCapacity", "NoMatchingError"],
    kinds: ["customer-queue"],
    check: (parameters) => oneOf(parameters, "QueueId", "AgentId"),
  },
  UpdateContactEventHooks: {
    ...anyError,
    check: ({ EventHooks }) =>
      Object.keys(EventHooks ?? {}).length === 1 ? [] : ["takes exactly one hook"],
  },
  CheckHoursOfOperation: {
    ...anyError,
    conditions: ["True", "False"],
    kinds: ["inbound", "transfer", "customer-queue"],
  },
  CheckMetricData: { errors: ["NoMatchingError", "NoMatchingCondition"] },
  GetMetricData: anyError,
  Loop: {
    conditions: ["ContinueLooping", "DoneLooping"],
    check: ({ LoopCount }) =>
      LoopCount === undefined ? ["has no LoopCount"] : between(LoopCount, 0, 100, "LoopCount"),
  },
  Wait: {
    ...anyError,
    conditions: ["WaitCompleted"],
    kinds: ["inbound", "customer-queue", "disconnect"],
    channels: ["chat"],
    check: ({ TimeLimitSeconds, TimeoutSeconds }) =>
      between(TimeLimitSeconds ?? TimeoutSeconds, 0, 604_800, "the time"),
  },
  Compare: {
    errors: ["NoMatchingCondition"],
    check: ({ ComparisonValue }) =>
      String(ComparisonValue ?? "").startsWith("$.") ? [] : ["ComparisonValue is no reference"],
  },
  GetParticipantInput: {
    errors: ["NoMatchingError"],
    check: (parameters) => oneOf(parameters, "Text", "PromptId", "SSML", "Media"),
  },
  ConnectParticipantWithLexBot: { errors: ["NoMatchingError"] },
  UpdateContactRoutingBehavior: {
    check: (parameters) => oneOf(parameters, "QueuePriority", "QueueTimeAdjustmentSeconds"),
  },
  UpdateFlowLoggingBehavior: {},
  UpdateContactData: anyError,
  UpdateContactRecordingBehavior: {},
  UpdateContactRecordingAndAnalyticsBehavior: {},
  UpdateContactCallbackNumber: { advised: ["NoMatchingError"] },
  UpdateContactTextToSpeechVoice: {},
  CreateCallbackContact: anyError,
  DistributeByPercentage: { errors: ["NoMatchingCondition"] },
  CreateTask: anyError,
  TransferToFlow: {
    ...anyError,
    check: ({ ContactFlowId }) => (ContactFlowId ? [] : ["names no flow"]),
  },
  TransferParticipantToThirdParty: {},
  TransferContactToAgent: {},
  EndFlowModuleExecution: { terminal: true },
  DisconnectParticipant: { terminal: true },
  EndFlowExecution: { terminal: true },
};
