/** One block of a flow, as Connect's flow language spells it (version 2019-10-30). */
export interface Action {
  readonly Identifier: string;
  readonly Type: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Transitions: Transitions;
}

/** Where a block leads to. A block that ends the flow has none. */
export interface Transitions {
  readonly NextAction?: string;
  readonly Conditions?: readonly {
    readonly NextAction: string;
    readonly Condition: { readonly Operator: Operator; readonly Operands: readonly string[] };
  }[];
  readonly Errors?: readonly { readonly NextAction: string; readonly ErrorType: string }[];
}

/** How a value is compared. */
export type Operator = "Equals" | "NumberGreaterThan" | "NumberGreaterOrEqualTo";

/** Where a comparison leads to: the operator, what it is held against, and the next block. */
export type When = readonly [operator: Operator, operand: string, next: string];

const block = (
  Identifier: string,
  Type: string,
  Parameters: Action["Parameters"],
  next: string,
  { when, errors = {} }: { when?: readonly When[]; errors?: Readonly<Record<string, string>> } = {},
): Action => ({
  Identifier,
  Type,
  Parameters,
  Transitions: {
    NextAction: next,
    ...(when && {
      Conditions: when.map(([Operator, operand, NextAction]) => ({
        NextAction,
        Condition: { Operator, Operands: [operand] },
      })),
    }),
    Errors: Object.entries(errors).map(([ErrorType, NextAction]) => ({ NextAction, ErrorType })),
  },
});

/** Whatever goes wrong leads to the same block. */
const orElse = (next: string) => ({ errors: { NoMatchingError: next } });

/** Writes the flow's steps to CloudWatch. */
export const logging = (id: string, next: string): Action =>
  block(id, "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, next);

/** Says something; saying it must not stand in the way of what follows. */
export const say = (id: string, Text: string, next: string): Action =>
  block(id, "MessageParticipant", { Text }, next, orElse(next));

/** Keeps values with the contact, for the flows that follow. */
export const remember = (
  id: string,
  Attributes: Readonly<Record<string, string>>,
  next: string,
): Action => block(id, "UpdateContactAttributes", { Attributes }, next, orElse(next));

/** Says something to a caller in the queue, over and over; every so many seconds the flow goes on. */
export const sayInQueue = (
  id: string,
  Text: string,
  seconds: number,
  next: string,
  failed: string,
): Action => ({
  Identifier: id,
  Type: "MessageParticipantIteratively",
  Parameters: { Messages: [{ Text }], InterruptFrequencySeconds: String(seconds) },
  Transitions: {
    Conditions: [
      { NextAction: next, Condition: { Operator: "Equals", Operands: ["MessagesInterrupted"] } },
    ],
    Errors: [{ NextAction: failed, ErrorType: "NoMatchingError" }],
  },
});

/** Chooses the queue. */
export const chooseQueue = (id: string, QueueId: string, next: string, failed: string): Action =>
  block(id, "UpdateContactTargetQueue", { QueueId }, next, orElse(failed));

/** Puts the contact in the queue chosen; only what fails goes on. */
export const enterQueue = (id: string, full: string, failed: string): Action =>
  block(id, "TransferContactToQueue", {}, failed, {
    errors: { QueueAtCapacity: full, NoMatchingError: failed },
  });

/** Names the flow that runs at a moment of the contact's life: one hook a block. */
export const hook = (id: string, name: string, flowArn: string, next: string): Action =>
  block(id, "UpdateContactEventHooks", { EventHooks: { [name]: flowArn } }, next, orElse(next));

/** Branches on how long the oldest contact of the queue has waited. */
export const whenWaitIsOver = (id: string, seconds: number, over: string, next: string): Action =>
  block(id, "CheckMetricData", { MetricType: "OldestContactInQueueAgeSeconds" }, next, {
    when: [["NumberGreaterThan", String(seconds), over]],
    errors: { NoMatchingCondition: next, NoMatchingError: next },
  });

/** Reads the queue's figures: `$.Metrics.Queue.…`. */
export const readMetrics = (
  id: string,
  QueueChannel: "Voice" | "Chat",
  next: string,
  failed = next,
): Action => block(id, "GetMetricData", { QueueChannel }, next, orElse(failed));

/** Asks for a key; anything but the one wanted leads on. */
export const askForKey = (id: string, Text: string, key: string, pressed: string, next: string) =>
  block(
    id,
    "GetParticipantInput",
    { Text, InputTimeLimitSeconds: "5", StoreInput: "False" },
    next,
    {
      when: [["Equals", key, pressed]],
      errors: { InputTimeLimitExceeded: next, NoMatchingCondition: next, NoMatchingError: next },
    },
  );

/** Invokes a function and waits for its answer, a map of strings under `$.External`. */
export const invoke = (
  id: string,
  LambdaFunctionARN: string,
  LambdaInvocationAttributes: Readonly<Record<string, string>>,
  next: string,
  failed: string,
): Action =>
  block(
    id,
    "InvokeLambdaFunction",
    {
      LambdaFunctionARN,
      // The longest a flow may wait.
      InvocationTimeLimitSeconds: "8",
      InvocationType: "SYNCHRONOUS",
      LambdaInvocationAttributes,
      ResponseValidation: { ResponseType: "STRING_MAP" },
    },
    next,
    orElse(failed),
  );

/** Branches on a value. */
export const compare = (id: string, ComparisonValue: string, when: readonly When[], next: string) =>
  block(id, "Compare", { ComparisonValue }, next, { when, errors: { NoMatchingCondition: next } });

/** Puts a contact forward in line, as if it had waited so long already. The figure must be a constant. */
export const forwardBy = (id: string, seconds: number, next: string): Action =>
  block(
    id,
    "UpdateContactRoutingBehavior",
    { QueueTimeAdjustmentSeconds: String(seconds) },
    next,
    orElse(next),
  );

/** Branches on the opening hours of the queue chosen. */
export const whenOpen = (id: string, open: string, closed: string): Action =>
  block(id, "CheckHoursOfOperation", {}, open, {
    when: [
      ["Equals", "True", open],
      ["Equals", "False", closed],
    ],
    errors: { NoMatchingError: open },
  });

/** Waits, in chats alone. */
export const wait = (id: string, seconds: number, next: string, failed: string): Action =>
  block(id, "Wait", { TimeLimitSeconds: String(seconds) }, next, {
    when: [["Equals", "WaitCompleted", next]],
    errors: { NoMatchingError: failed, ParticipantNotFound: failed },
  });

/** Ends the contact. */
export const disconnect = (id: string): Action => ({
  ...{ Identifier: id, Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
});

/** Ends the flow; the contact stays where it is. */
export const endFlow = (id: string): Action => ({
  ...{ Identifier: id, Type: "EndFlowExecution", Parameters: {}, Transitions: {} },
});
