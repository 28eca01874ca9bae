import type { Event } from "@holdline/events";
import { understood } from "./phrases.ts";

/** An event and those that followed from it, in the order in which they were said. */
export interface Caused {
  readonly event: Event;
  readonly cause: Caused | undefined;
  readonly ledTo: readonly Caused[];
}

interface Growing extends Caused {
  cause: Growing | undefined;
  readonly ledTo: Growing[];
}

/**
 * A conversation's events as trees of causes: a tree for each thing that came from outside. The events
 * come in the order of their history.
 *
 * Two links are not in the envelope: a receipt belongs to the text it tells of, and a redriven event to
 * the dead letter it was in. A redrive has the id of the first time, so what follows from that id
 * follows from the newest event that has it and went to whoever said so.
 */
export function causes(events: readonly Event[]): readonly Caused[] {
  const nodes = events.map((event): Growing => ({ event, cause: undefined, ledTo: [] }));
  // A receipt can be quicker than the word that the text was taken.
  const texts = new Map(nodes.flatMap((node) => partsOf(node.event).map((part) => [part, node])));
  const byId = new Map<string, Growing[]>();
  const letters: { readonly stage: string; readonly id: string; readonly node: Growing }[] = [];

  for (const node of nodes) {
    const { event } = node;
    node.cause = causeOf(event);
    node.cause?.ledTo.push(node);
    byId.set(event.id, [...(byId.get(event.id) ?? []), node]);
    const letter = letterIn(event);
    if (letter) letters.push({ ...letter, node });
  }
  return nodes.filter(({ cause }) => cause === undefined);

  function causeOf(event: Event): Growing | undefined {
    if (event.only !== undefined)
      return letters.findLast(({ stage, id }) => stage === event.only && id === event.id)?.node;
    if (event.type === "receipt.arrived") return texts.get(textOf(event));
    if (event.cause === null) return undefined;
    const by = speakerOf(event);
    return byId
      .get(event.cause)
      ?.findLast(({ event: { only } }) => only === undefined || only === by);
  }
}

/** The carrier's ids of the text messages that a reply became. */
function partsOf(event: Event): readonly string[] {
  const { parts } = ((event.type === "reply.sent" && understood(event)?.data) || {}) as {
    parts?: readonly { readonly carrierId: string }[];
  };
  return (parts ?? []).map(({ carrierId }) => carrierId);
}

/** The text a receipt tells of: the door names a receipt `<carrier's id of the text>:<status>:<time>`. */
function textOf(receipt: Event): string {
  const { carrierId = "" } = (understood(receipt)?.data ?? {}) as { carrierId?: string };
  const end = carrierId.indexOf(":");
  return end < 0 ? carrierId : carrierId.slice(0, end);
}

function letterIn(event: Event) {
  const known = event.type === "event.dead-lettered" ? understood(event) : undefined;
  if (!known) return undefined;
  const { stage, event: dead } = known.data as { stage: string; event: Partial<Event> | null };
  return { stage, id: dead?.id ?? "" };
}

/** Who said an event: a delayed draft is its stage's, though it has a stream of its own. */
export const speakerOf = ({ position }: Event): string =>
  position.stream.slice(0, position.stream.indexOf("/")).replace(/^later\./, "");

/** The part of the trees that an event is in: what led to it, and all that followed. */
export function around(trees: readonly Caused[], id: string): readonly Caused[] {
  return trees.flatMap((tree) => {
    if (tree.event.id === id) return [tree];
    const ledTo = around(tree.ledTo, id);
    return ledTo.length > 0 ? [{ ...tree, ledTo }] : [];
  });
}
