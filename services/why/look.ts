import type { Event } from "@holdline/events";
import type { Stage, Standing } from "@holdline/runtime";
import { type Conversation, evolve, unknownConversation } from "../classify/knowledge.ts";
import { around, type Caused, causes, speakerOf } from "./causes.ts";
import type { Meanings } from "./codes.ts";
import { faultIn, unanswered } from "./faults.ts";
import { phraseOf, understood } from "./phrases.ts";
import { delayed, hindrances } from "./waiting.ts";
import { type Fault, type Step, type Waiting, Why } from "./why.ts";

/** What there is to look at. */
export interface Sight {
  readonly conversation: string;
  /** In the order of their history. */
  readonly events: readonly Event[];
  /** Where the stages stand; nothing where there is only the history. */
  readonly standing: Standing | undefined;
  /** What was looked at. */
  readonly seen: Why["seen"];
  /** What classify knows, where its store was asked; by the events elsewhere. */
  readonly known?: Conversation | undefined;
  readonly stages: readonly Stage[];
  /** What the operators' page says of codes. */
  readonly meanings: Meanings;
  readonly now: Date;
  /** Leave out texts, numbers and names. */
  readonly redact: boolean;
  /** The event asked about: its causes and effects alone. */
  readonly event?: string | undefined;
}

/** Why a conversation is where it is: a pure function from its events, and from where the stages stand. */
export function look(sight: Sight): Why {
  const { conversation, events, standing, seen, meanings, redact } = sight;
  const all = causes(events);
  const trees = sight.event === undefined ? all : around(all, sight.event);
  const known = sight.known ?? events.reduce(learned, unknownConversation);
  const hindered = standing ? hindrances(standing, sight) : [];
  const told = every(trees).flatMap((node) => [
    faultIn(node.event, meanings) ?? [],
    (standing ? undefined : unanswered(node)) ?? [],
  ]);
  const shown = new Set(every(trees).map(({ event }) => event.id));
  const about = <T extends { readonly event: string | null }>(list: readonly T[]) =>
    sight.event === undefined ? list : list.filter(({ event }) => event && shown.has(event));
  const faults = about([...told.flat(), ...hindered.flatMap(({ fault }) => fault ?? [])]);
  const waiting = about([
    ...hindered.map(({ waiting }) => waiting),
    ...(standing ? delayed(standing, known, sight) : []),
  ]);
  const lastWords = new Set(events.map(receiptOf).flatMap((of) => (of?.final ? of.carrierId : [])));
  return Why.parse({
    version: 1,
    conversation,
    channel: known.parties?.channel ?? null,
    business: redact ? null : (known.parties?.business ?? null),
    customer: redact ? null : (known.parties?.customer ?? null),
    seen,
    at: sight.now.toISOString(),
    events: events.length,
    now: sentences(known, !redact),
    faults,
    waiting,
    steps: trees.map((tree) => stepOf(tree, faults, waiting, { redact, lastWords })),
  });
}

/** What classify knows, by its own reducer. */
function learned(known: Conversation, event: Event): Conversation {
  const heard = understood(event);
  return heard ? evolve(known, heard as Parameters<typeof evolve>[1]) : known;
}

/** What a carrier says of a text of ours. */
const receiptOf = (event: Event): { carrierId: string; final: boolean } | undefined =>
  event.type === "reply.delivered" || event.type === "reply.undelivered"
    ? (understood(event)?.data as { carrierId: string; final: boolean } | undefined)
    : undefined;

/** That a text is under way is told only as long as the last word on it is not there. */
function isOutdated(event: Event, lastWords: ReadonlySet<string>): boolean {
  const receipt = receiptOf(event);
  return receipt !== undefined && !receipt.final && lastWords.has(receipt.carrierId);
}

const every = (trees: readonly Caused[]): readonly Caused[] =>
  trees.flatMap((tree) => [tree, ...every(tree.ledTo)]);

function stepOf(
  { event, cause, ledTo }: Caused,
  faults: readonly Fault[],
  waiting: readonly Waiting[],
  { redact, lastWords }: { readonly redact: boolean; readonly lastWords: ReadonlySet<string> },
): Step {
  const { says, text, minor = false } = phraseOf(event, !redact);
  const mine = <T extends { readonly event: string | null; readonly says: string }>(
    list: readonly T[],
  ) => list.filter((one) => one.event === event.id).map(({ says }) => says);
  return {
    id: event.id,
    type: event.type,
    by: speakerOf(event),
    time: event.time,
    afterMs: cause ? between(cause.event, event) : null,
    says,
    text: redact ? null : (text ?? null),
    minor: minor || isOutdated(event, lastWords),
    faults: mine(faults),
    waiting: mine(waiting),
    ledTo: ledTo.map((next) => stepOf(next, faults, waiting, { redact, lastWords })),
  };
}

/** Nothing, where one of them bears no time that is one. */
function between(cause: Event, event: Event): number | null {
  const ms = Date.parse(event.time) - Date.parse(cause.time);
  return Number.isNaN(ms) ? null : ms;
}

const consents = {
  none: "The customer has not been asked yet.",
  given: "The customer has said yes.",
  declined: "The customer has declined, or never answered.",
  stopped: "The customer has opted out: only answers to HELP and START are sent.",
} as const;

/** How the conversation stands, as classify sees it. */
function sentences({ consent, asked, contact }: Conversation, names: boolean): readonly string[] {
  const answer = asked ? "An offer awaits its answer." : consents[consent];
  const { status, agents, queue } = contact;
  if (status === "none") return [answer, "No chat is open."];
  if (status === "wanted") return [answer, "A chat is wanted and not open yet."];
  const whom = names ? agents.join(" and ") : `${agents.length} of ours`;
  if (agents.length > 0) return [answer, `A chat is open, with ${whom}.`];
  const place = queue?.position ? `, number ${queue.position} in the queue` : "";
  return [answer, `A chat is open${place}; the bot answers meanwhile.`];
}
