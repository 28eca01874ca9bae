import type { Log } from "@holdline/embedded";
import { Envelope, type Event, EventDeadLettered, InboundArrived } from "@holdline/events";
import { type Ingress, redrive, type Stage } from "@holdline/runtime";
import { lineOf, textArrived } from "../doors/arrivals.ts";
import type { Ports } from "../ports.ts";
import { deadIn, fate, refeedable } from "./fate.ts";

export interface RefeedParts {
  readonly stages: readonly Pick<Stage, "name" | "calls">[];
  readonly log: Pick<Log, "conversation">;
  readonly ingress: Ingress;
  readonly channel: Ports["channel"];
  readonly secret: string;
}

/** What becomes of an event that is refed; `why`, where it is not. */
export type Refed = { readonly refeed: true } | { readonly refeed: false; readonly why: string };

/** How long a store keeps the marks of an effect of what was given up on: 30 days. */
const rememberedMs = 30 * 86_400_000;

/** Takes one event, or only says what would become of it. */
export type RefeedDoor = (raw: unknown, how: { readonly look: boolean }) => Promise<Refed>;

/**
 * The door for what is refed from an archive into the live pipeline: what a carrier brought and nobody has run,
 * and what a stage gave up on. It judges by this pipeline's own log, which keeps everything for ever, and lets
 * nothing in that was run here or may have texted somebody.
 */
export function refeedDoor(parts: RefeedParts): RefeedDoor {
  const refused = (why: string): Refed => ({ refeed: false, why });

  return async (raw, { look }) => {
    const envelope = Envelope.safeParse(raw);
    if (!envelope.success) return refused("not an event");
    const event = envelope.data as Event;
    if (!refeedable.includes(event.type))
      return refused(`only ${refeedable.join(" and ")} can be refed, not ${event.type}`);
    const dead = event.type === EventDeadLettered.type ? deadIn(event) : undefined;
    // What the first stage gave up on is what came through the door: it comes through the door again.
    const isArrived = event.type === InboundArrived.type;
    const here = parts.log.conversation(event.key);
    const known = here.some(({ id }) => id === event.id);
    if (dead?.event.type === InboundArrived.type && !known) return arrive(dead.event, here, look);
    return isArrived ? arrive(event, here, look) : redriven(event, here, known, look);
  };

  async function arrive(event: Event, here: readonly Event[], look: boolean): Promise<Refed> {
    const read = safely(() => InboundArrived.parse(event));
    if (!read) return refused("not an inbound.arrived that this program can read");
    const { raw, carrierId, carrierTime, channel: name } = read.data;
    const channel = safely(() => parts.channel(name));
    if (!channel) return refused(`this pipeline has no channel ${name}`);
    const { ingress, secret } = parts;
    if (lineOf({ channel, secret }, { is: "text", raw, at: Date.parse(carrierTime) }) !== event.key)
      return refused("its conversation has another name here: the secret is another");
    const isHere = here.some(
      ({ type, data }) =>
        type === InboundArrived.type && (data as { carrierId?: unknown }).carrierId === carrierId,
    );
    if (isHere) return refused("this pipeline has it already");
    if (!look) await textArrived({ channel, ingress, secret }, raw, Date.parse(carrierTime));
    return { refeed: true };
  }

  async function redriven(letter: Event, here: readonly Event[], known: boolean, look: boolean) {
    const dead = deadIn(letter);
    const stage = parts.stages.find(({ name }) => name === dead?.stage);
    if (!dead || !stage) return refused("no stage of this pipeline gave up on it");
    if (here.length === 0) return refused("this pipeline does not know its conversation");
    if (dead.code === "unsure")
      return refused("nobody knows whether it left: look for it, then use `holdline dlq redrive`");
    // What an effect came to is in the store of the pipeline that had it, and for a time.
    if (!known && stage.calls?.includes("sms"))
      return refused("another pipeline tried to send it: what left of it is not known here");
    const ran = fate(letter, here);
    if (ran !== undefined) return refused(ran);
    const old = Date.now() - Date.parse(letter.time) > rememberedMs;
    if (old && stage.calls?.includes("sms"))
      return refused("it is so old that what left of it is not remembered any more");
    if (!look && (await redrive(parts.ingress, letter)) === "seen")
      return refused("it was redriven already");
    return { refeed: true } as const;
  }
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
