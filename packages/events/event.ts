import * as z from "zod";

/** What a stage hands back: a fact that has not been numbered, dated or published yet. */
export interface Draft<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly version: number;
  readonly key: string;
  readonly data: Data;
  /** Not to be published before this time (ISO, ms). The state store keeps it until then; the event still says it. */
  readonly notBefore?: string;
}

/** What came of one effect of the run that said an event; enough to replay that run without the world. */
export interface Effect {
  readonly name: string;
  readonly outcome: unknown;
}

/** A fact as it travels. Everything beside `data` is written by the runtime, never by a stage. */
export interface Event<Type extends string = string, Data = unknown> extends Draft<Type, Data> {
  readonly id: string;
  /** When it was said: ISO with milliseconds. */
  readonly time: string;
  /** The id of the event that led to this one; nothing for what a door brought in. */
  readonly cause: string | null;
  /** `stream` is producer/topic/key; `seq` counts from 0 within it and has no holes. */
  readonly position: { readonly stream: string; readonly seq: number };
  /** How far the stage had heard when it said this: next expected seq by `producer/topic`. */
  readonly heard: Readonly<Record<string, number>>;
  readonly effects: readonly Effect[];
  /** The one stage this is for (a redrive); everybody when absent. */
  readonly only?: string | undefined;
  readonly replay: boolean;
}

/** The part before the dot: the noun, the file it is declared in, the topic it travels on. */
export const topicOf = (type: string): string => type.slice(0, type.indexOf("."));

/** The producer and topic of a stream, without its key: how cursors are named inside one conversation. */
export const lineOf = (stream: string): string =>
  stream.slice(0, stream.indexOf("/", stream.indexOf("/") + 1));

const envelope = {
  id: z.string().min(1),
  type: z.string().regex(/^[a-z-]+\.[a-z-]+$/),
  version: z.int().positive(),
  key: z.string().min(1),
  time: z.string(),
  cause: z.string().nullable(),
  position: z.object({
    stream: z.string().regex(/^[^/]+\/[^/]+\/.+$/),
    seq: z.int().nonnegative(),
  }),
  heard: z.record(z.string(), z.int().nonnegative()),
  effects: z.array(z.object({ name: z.string(), outcome: z.unknown() })),
  only: z.string().optional(),
  notBefore: z.string().optional(),
  replay: z.boolean(),
  data: z.unknown(),
};

/** The envelope alone, version 1: enough to place an event without understanding it. */
export const Envelope = z.compile(z.object(envelope));

/** An event declaration: constructor of drafts, parser and subscription in one. */
export interface EventType<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  (data: z.input<Schema>): Draft<Type, z.output<Schema>>;
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
  /** The version before this one; nothing for the first. */
  readonly after: EventType | undefined;
  /**
   * Checks an event that arrived from outside this process; one of an earlier version comes out as one
   * of this. Throws a `ZodError` when it does not fit.
   */
  parse(raw: unknown): Event<Type, z.output<Schema>>;
}

/** The event a declaration declares, as it arrives. */
export type EventOf<T> =
  T extends EventType<infer Type, infer Schema> ? Event<Type, z.output<Schema>> : never;
/** The draft a declaration makes. */
export type DraftOf<T> =
  T extends EventType<infer Type, infer Schema> ? Draft<Type, z.output<Schema>> : never;
/** The data of an event declaration, as a stage sees it. */
export type DataOf<T> = T extends EventType<string, infer Schema> ? z.output<Schema> : never;

/** How what an earlier version recorded is read as what this one says. */
export interface Succession<Old extends EventType, Data> {
  readonly after: Old;
  upcast(old: DataOf<Old>): Data;
}

/**
 * Declares an event: its name, its shape, and which conversation it belongs to.
 *
 * The name is `topic.past-tense`. The conversation decides order: what one stage says about one
 * conversation, in one topic, every other stage hears in that order; events of different
 * conversations owe each other nothing. A change that old readers cannot parse is a new version,
 * declared beside the old one, and reads what the old one recorded.
 *
 * @example
 * export const MessageReceivedV1 = event("message.received", { text: z.string() });
 *
 * MessageReceivedV1({ conversationId: "c-1", text: "hello" }); // a draft, checked
 *
 * export const MessageReceived = event(
 *   "message.received",
 *   { text: z.string(), language: z.string() },
 *   { after: MessageReceivedV1, upcast: (old) => ({ ...old, language: "en-US" }) },
 * );
 */
export function event<
  const Type extends `${string}.${string}`,
  Shape extends z.ZodRawShape,
  Old extends EventType<Type> = EventType<Type>,
>(
  type: Type,
  shape: Shape,
  succession?: Succession<Old, z.input<z.ZodObject<{ conversationId: z.ZodString } & Shape>>>,
) {
  const { after, upcast } = succession ?? {};
  const version = (after?.version ?? 0) + 1;
  const schema = z.object({ conversationId: z.string().min(1), ...shape });
  type Schema = typeof schema;
  const whole = z.compile(
    z.object({ ...envelope, type: z.literal(type), version: z.literal(version), data: schema }),
  );
  const checked = z.compile(schema);

  const draft = (input: z.input<Schema>) => {
    const data = checked.parse(input) as z.output<Schema> & { conversationId: string };
    return { type, version, key: data.conversationId, data };
  };
  const parse = (raw: unknown) => {
    const said = (raw as Partial<Event> | null | undefined)?.version;
    if (!after || !upcast || said === undefined || said >= version)
      return whole.parse(raw) as unknown as Event<Type, z.output<Schema>>;
    const old = after.parse(raw);
    return { ...old, version, data: checked.parse(upcast(old.data as DataOf<Old>)) };
  };
  return Object.assign(draft, {
    ...{ type, version, schema, after, parse },
  }) as unknown as EventType<Type, Schema>;
}
