import * as z from "zod";

/** As the events have it: ISO with milliseconds. */
const instant = z.string();

/** Something that went wrong, or keeps something from going on, with what docs/operating.md says of it. */
const Fault = z.object({
  /** Stable: a code of the runtime's or a channel's, such as `carrier-throttled`. */
  code: z.string(),
  /** Whether it is still so: it is tried again, or waited for. */
  goingOn: z.boolean(),
  says: z.string(),
  means: z.string().nullable(),
  todo: z.string().nullable(),
  since: instant,
  /** The event it is about. */
  event: z.string().nullable(),
});
export type Fault = z.output<typeof Fault>;

/** Something that is still to come, and what it waits for. */
const Waiting = z.object({
  /** Who will do it; nobody in particular where only a time is waited for. */
  stage: z.string().nullable(),
  says: z.string(),
  event: z.string().nullable(),
  since: instant,
  /** When it is due, where that is known. */
  due: instant.nullable(),
});
export type Waiting = z.output<typeof Waiting>;

/** One event, in plain words, and what followed from it. */
export const Step = z.object({
  id: z.string(),
  type: z.string(),
  /** Who said it: a stage, a door, the receiver. */
  by: z.string(),
  time: instant,
  /** Since the event it follows from; nothing for what came from outside. */
  afterMs: z.number().nullable(),
  says: z.string(),
  /** What was written; left out when asked to. */
  text: z.string().nullable(),
  /** It tells nothing that another step does not. */
  minor: z.boolean(),
  faults: z.array(z.string()),
  waiting: z.array(z.string()),
  get ledTo() {
    return z.array(Step);
  },
});
export type Step = z.output<typeof Step>;

/** What `holdline why --json` prints. */
export const Why = z.object({
  version: z.literal(1),
  conversation: z.string(),
  channel: z.string().nullable(),
  /** Left out when asked to. */
  business: z.string().nullable(),
  customer: z.string().nullable(),
  /**
   * What was looked at: a running pipeline, a data folder where none answers, a history alone, or a deployment's table, which
   * has no history.
   */
  seen: z.enum(["running", "stopped", "history", "deployment"]),
  at: instant,
  events: z.int().nonnegative(),
  /** How things stand, a sentence each. */
  now: z.array(z.string()),
  faults: z.array(Fault),
  waiting: z.array(Waiting),
  steps: z.array(Step),
});
export type Why = z.output<typeof Why>;

/** A step, or what followed from one that tells nothing, unless something went wrong with it or waits for it. */
export const telling = (step: Step): readonly Step[] =>
  step.minor && step.faults.length + step.waiting.length === 0
    ? step.ledTo.flatMap(telling)
    : [step];
