import { Envelope, type Event, lineOf } from "@holdline/events";
import { DeadLetter, Retry } from "./errors.ts";
import { derivedId } from "./ids.ts";
import { asAsked, evolved, stateOf, understood } from "./knowledge.ts";
import { type Doing, onceFor } from "./once.ts";
import { type PublishCommit, Unpublished } from "./publish-commit.ts";
import { advanced, heardOf, retried } from "./record.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import { spoken, spokenOfGivenUp } from "./spoken.ts";
import type { Once, Stage } from "./stage.ts";
import {
  type Claim,
  type StageRecord,
  StaleLease,
  type StateStore,
  type Work,
} from "./state-store.ts";
import { timeOf } from "./time.ts";
import type { Deliver, Verdict } from "./transport.ts";

/** What a delivery came to, for logs and metrics: no text, no number. */
export interface Delivery {
  readonly stage: string;
  readonly event: string;
  readonly type: string;
  readonly key: string;
  readonly outcome: "run" | "seen" | "held" | "early" | "retry" | "dead-lettered" | "failed";
  readonly code?: string;
  readonly attempt?: number;
  readonly late?: boolean;
  readonly gap?: number;
  readonly error?: unknown;
}

/** What a delivery takes, the same for every stage of a process but for `relevant`. */
export interface Surroundings {
  readonly store: StateStore;
  readonly commit: PublishCommit;
  /** The ports stages may name; each stage's signature says which. */
  readonly ports: object;
  readonly now: () => Date;
  readonly policy: RetryPolicy;
  /** Whether the transport keeps order within a conversation (its trait); if not, the cursors do. */
  readonly ordered?: boolean;
  /** Whether a stream can hold anything this stage hears (`relevance`). */
  readonly relevant: (stream: string) => boolean;
  readonly observe: (delivery: Delivery) => void;
}

type Mine = Extract<Claim, { claim: "mine" }>;

/** An event in a stage's hands. */
interface Heard {
  readonly raw: unknown;
  /** As far as it can be placed. */
  readonly event: Event;
  /** All of it, where it is just what the stage asked for. */
  readonly asked: Event | undefined;
}

interface Hopeless {
  readonly event: Event;
  readonly work: Required<Work>;
  readonly claim: Mine;
  readonly code: string;
  readonly error: unknown;
  /** The run's effects, where it came to a run. */
  readonly doing?: Doing;
  /** The event as it came, to be put aside. */
  readonly whole: unknown;
}

const ack: Verdict = { verdict: "ack" };
const retry = (afterMs: number): Verdict => ({ verdict: "retry", afterMs });

/**
 * Everything that happens to an event between a transport and a stage, top to bottom:
 * claim → run → commit → publish → clear → ack.
 *
 * There is one of these for all stages and all transports. To learn what becomes of an event that is
 * unreadable, early, repeated, late, replayed, failing or hopeless, read this function.
 */
export function deliverTo(stage: Stage, around: Surroundings): Deliver {
  const { store, commit, ports, now, relevant, observe } = around;
  const policy: RetryPolicy = { ...around.policy, ...stage.retry };
  const ordered = around.ordered ?? false;
  const terms = { leaseMs: policy.leaseMs, gapMs: policy.gapMs, ordered };
  const wanted = new Set(stage.on.map(({ type }) => type));

  return (raw) =>
    settle(raw).catch((error) => {
      const { id = "unreadable", type = "unreadable", key = "unreadable" } = (raw ?? {}) as Event;
      observe({ stage: stage.name, event: id, type, key, outcome: "failed", error });
      return retry(policy.backoffMs(1));
    });

  async function settle(raw: unknown): Promise<Verdict> {
    const asked = asAsked(stage, raw);
    const envelope = asked ? undefined : Envelope.safeParse(raw);
    if (envelope?.error) return giveUpUnreadable(raw, envelope.error);
    const event = asked ?? (envelope?.data as Event);
    if (event.replay) return ack;
    if (event.only !== undefined && event.only !== stage.name) return ack;
    if (!relevant(event.position.stream)) return ack;
    // Where order is kept, a sibling nobody asked for needs no cursor either.
    if (ordered && !wanted.has(event.type)) return ack;

    const { stream, seq } = event.position;
    const work = { stage: stage.name, key: event.key, position: { line: lineOf(stream), seq } };
    const claim = await claimed(work);
    if (claim.claim === "mine") return attempt({ raw, event, asked }, work, claim);
    const outcome = claim.claim === "wait" ? claim.why : "seen";
    observe({ stage: stage.name, event: event.id, type: event.type, key: event.key, outcome });
    if (claim.claim === "seen") return ack;
    return retry(claim.why === "held" ? policy.backoffMs(1) : patience(claim.sinceMs));
  }

  /** Claims; finishes first whatever an earlier holder committed and did not publish to its end. */
  async function claimed(work: Work): Promise<Exclude<Claim, { claim: "outbox" }>> {
    for (;;) {
      const claim = await store.claim(work, terms);
      if (claim.claim !== "outbox") return claim;
      await commit.finish(work, claim.token, claim.events);
    }
  }

  async function attempt(heard: Heard, work: Required<Work>, claim: Mine): Promise<Verdict> {
    const { raw, event, asked } = heard;
    const runId = `${stage.name}/${event.id}`;
    const until = now().getTime() + policy.leaseMs;
    const clock = () => now().getTime();
    let doing: Doing | undefined;
    // Most runs have no effect: the door to the world is made when it is first used.
    const once: Once = (...effect) => {
      doing ??= onceFor(runId, { work, lease: claim.token, until }, store, clock, policy);
      return doing.once(...effect);
    };
    const { attempt, late, gap } = claim;
    const about = { stage: stage.name, event: event.id, type: event.type, key: event.key, attempt };
    try {
      const known = asked ?? understood(stage, event);
      const state = known && stateOf(stage, claim.record);
      const drafts = known ? await stage.run(known, { ...ports, once, state }) : [];
      const effects = doing?.effects ?? [];
      const said = spoken(stage.name, event, drafts, { ...saying(claim.record), effects });
      const learned = known && evolved(stage, state, known, said.publish);
      const nothing = drafts.length === 0 && doing === undefined;
      await commit.commit(work, claim.token, {
        record: advanced(recordWith(claim.record, said.outputs, learned), work.position, ordered),
        publish: said.publish,
        delay: said.delay,
        seen: [],
        forget: doing?.tokens ?? [],
        // Coming again before anything else was committed, it would be nothing again.
        lazily: ordered && nothing && learned === state,
      });
      observe({ ...about, outcome: "run", late, gap });
      return ack;
    } catch (error) {
      return failed(error);
    }

    async function failed(error: unknown): Promise<Verdict> {
      // The decision stands, or is somebody else's now: not for this run to count or to give up.
      if (error instanceof Unpublished || error instanceof StaleLease) throw error;
      const code = error instanceof Retry || error instanceof DeadLetter ? error.code : "bug";
      const counts = error instanceof Retry ? error.counts : true;
      const old = clock() - Date.parse(event.time) > policy.maxAgeMs;
      const giving = { event, work, claim, error, whole: raw, ...(doing && { doing }) };
      if (error instanceof DeadLetter) return giveUp({ ...giving, code });
      if (old) return giveUp({ ...giving, code: "too-old" });
      if (counts && attempt >= policy.attempts) return giveUp({ ...giving, code });
      await doing?.keep();
      const met = retried(claim.record, work.position, { counts, ordered, code, now: clock() });
      await store.release(work, claim.token, met);
      observe({ ...about, outcome: "retry", code, error, gap });
      return retry((error instanceof Retry && error.afterMs) || policy.backoffMs(attempt));
    }
  }

  /** Says the dead letter and moves on in one commit, so that one bad event never blocks its conversation. */
  async function giveUp({ event, work, claim, code, error, doing, whole }: Hopeless) {
    // Outcomes that only memory has are for the redrive; what nobody was sure of is now a person's to say.
    await doing?.keep();
    const stack = error instanceof Error ? (error.stack ?? null) : null;
    const given = { code, stack, whole };
    const { outputs, publish } = spokenOfGivenUp(stage.name, event, given, saying(claim.record));
    await commit.commit(work, claim.token, {
      record: advanced({ ...claim.record, outputs }, work.position, ordered),
      publish,
      delay: [],
      seen: [],
      forget: doing?.unsure ?? [],
    });
    observe({
      ...{ stage: stage.name, event: event.id, type: event.type, key: event.key },
      ...{ outcome: "dead-lettered", code, attempt: claim.attempt, error },
    });
    return ack;
  }

  /** What cannot even be placed is dead-lettered under a key made of its digest. */
  async function giveUpUnreadable(raw: unknown, error: unknown): Promise<Verdict> {
    const digest = derivedId(JSON.stringify(raw) ?? "nothing");
    const position = { stream: `unreadable/${stage.name}/${digest}`, seq: 0 };
    const unreadable = { id: digest, key: `u_${digest}`, type: "unreadable", position };
    const work = {
      stage: stage.name,
      key: unreadable.key,
      position: { line: "unreadable", seq: 0 },
    };
    const claim = await claimed(work);
    if (claim.claim === "seen") return ack;
    if (claim.claim === "wait") return retry(policy.backoffMs(1));
    const event = unreadable as unknown as Event;
    return giveUp({ event, work, claim, code: "unreadable", error, whole: raw });
  }

  function saying(record: StageRecord) {
    return { time: timeOf(now()), outputs: record.outputs, heard: heardOf(record) };
  }

  /** The record after a run; a sibling nobody asked for teaches nothing. */
  function recordWith(record: StageRecord, outputs: StageRecord["outputs"], value: unknown) {
    const { state: knowledge } = stage;
    if (!knowledge || value === undefined) return { ...record, outputs };
    return { ...record, outputs, state: { version: knowledge.version, value } };
  }
}

/** While a predecessor is missing: asked again after 1 s at first, after 30 s in the end. */
const patience = (sinceMs: number): number => Math.min(30_000, Math.max(1_000, sinceMs / 2));
