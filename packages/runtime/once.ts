import type { Effect } from "@holdline/events";
import { DeadLetter, Retry, Unsure } from "./errors.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { Once, OnceTerms } from "./stage.ts";
import type { StateStore, Work } from "./state-store.ts";

/** One run's lease: until when it holds, and the proof of it. */
export interface Holding {
  readonly work: Work;
  readonly lease: string;
  readonly until: number;
}

/**
 * The door a stage has effects through, for one run.
 *
 * Outcomes are kept in memory and written down only if the run must come again (`keep`): the commit that
 * follows tells them in its events. An effect that may be repeated harmlessly needs nothing more. Every
 * other one is marked as begun, durably, before it happens, and its outcome is durable before the run's
 * next effect begins.
 */
export function onceFor(
  runId: string,
  { work, lease, until }: Holding,
  store: StateStore,
  now: () => number,
  policy: RetryPolicy,
) {
  const effects: Effect[] = [];
  const outcomes = new Map<string, unknown>();
  const tokens: string[] = [];
  const unsure: string[] = [];
  const unwritten = new Map<string, unknown>();
  /** The token of a marked effect whose outcome only memory has. */
  let begun: string | undefined;

  const once: Once = async (name, effect, terms) => {
    const token = `${runId}/${name}`;
    if (!outcomes.has(token)) {
      tokens.push(token);
      const outcome = await outcomeOf(token, effect, terms);
      outcomes.set(token, outcome);
      // An event without the outcome of an effect would be unreadable, and JSON has no `undefined`.
      effects.push({ name, outcome: outcome ?? null });
    }
    return outcomes.get(token) as Awaited<ReturnType<typeof effect>>;
  };

  async function outcomeOf<Outcome>(
    token: string,
    effect: Effecting<Outcome>,
    terms: OnceTerms<Outcome>,
  ): Promise<Outcome> {
    const mark = await store.mark(token);
    if (mark && "outcome" in mark) return mark.outcome as Outcome;
    return harmless(terms)
      ? perform(token, effect, terms)
      : performMarked(token, effect, terms, mark);
  }

  async function perform<Outcome>(
    token: string,
    effect: Effecting<Outcome>,
    terms: OnceTerms<Outcome>,
  ): Promise<Outcome> {
    await admitted(terms);
    await settled();
    try {
      const outcome = await inTime(token, effect);
      unwritten.set(token, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Unsure) throw new Retry(error.code, { cause: error });
      throw error;
    }
  }

  async function performMarked<Outcome>(
    token: string,
    effect: Effecting<Outcome>,
    terms: OnceTerms<Outcome>,
    mark: { readonly begunAt: number; readonly times: number } | undefined,
  ): Promise<Outcome> {
    // Even without a mark: a redriven event has lost it, and the evidence may have come since.
    const known = terms.evidence?.(token);
    if (known !== undefined) {
      unwritten.set(token, known);
      return known;
    }
    if (mark) {
      const until = mark.begunAt + (terms.waitMs ?? 0);
      const unheard = terms.heardUntil !== undefined && terms.heardUntil() < until;
      const waitLeftMs = Math.max(until - now(), unheard ? listenAgainMs : 0);
      if (terms.evidence && waitLeftMs > 0)
        throw new Retry("unsure", { afterMs: waitLeftMs, counts: false });
      if (terms.ifUnsure === "dead-letter" || mark.times > resends + 1) throw hopeless(token);
    }
    await admitted(terms);
    await settled();
    const times = mark?.times ?? 1;
    await store.begin(work, lease, token, times);
    let outcome: Outcome;
    try {
      outcome = await inTime(token, effect);
    } catch (error) {
      // Only these two say that it surely did not happen. Of anything else, a timeout of ours or a bug
      // in the port, nobody knows: the begun mark stays.
      if (error instanceof Retry || error instanceof DeadLetter) {
        await store.begin(work, lease, token, mark?.times ?? 0);
        throw error;
      }
      if (!terms.evidence && terms.ifUnsure === "dead-letter") throw hopeless(token, error);
      // Counted here and not when it began: a process that dies says nothing about the carrier.
      await store.begin(work, lease, token, times + 1);
      throw new Retry("unsure", { afterMs: terms.waitMs ?? 0, counts: false, cause: error });
    }
    begun = token;
    unwritten.set(token, outcome);
    return outcome;
  }

  /** Nothing new begins before what came of the last marked effect is durable: it must not be done twice. */
  async function settled() {
    if (begun === undefined) return;
    await store.done(work, lease, begun, unwritten.get(begun));
    unwritten.delete(begun);
    begun = undefined;
  }

  function hopeless(token: string, cause?: unknown): DeadLetter {
    unsure.push(token);
    return new DeadLetter("unsure", { cause });
  }

  /** Its quotas are free and the lease outlasts the request; only then may an effect begin. */
  async function admitted<Outcome>(terms: OnceTerms<Outcome>) {
    for (const { limit, cost, priority } of terms.pace ?? []) {
      const waitMs = await store.take(limit, cost, priority);
      if (waitMs > 0) throw new Retry("paced", { afterMs: waitMs, counts: false });
    }
    if (until - now() < policy.requestTimeoutMs)
      throw new Retry("lease-too-short", { afterMs: 0, counts: false });
  }

  /** Has the effect, with a signal to end by when the lease does. */
  async function inTime<Outcome>(token: string, effect: Effecting<Outcome>): Promise<Outcome> {
    const ending = new AbortController();
    const over = () => ending.abort(new DOMException("The lease is over", "TimeoutError"));
    const timer = setTimeout(over, Math.max(1, until - now()));
    try {
      return await effect(token, ending.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    once,
    effects: effects as readonly Effect[],
    /** Every token asked for: marks to forget once the event is committed. */
    tokens: tokens as readonly string[],
    /** Tokens of effects that may have happened and will not be asked about again. */
    unsure: unsure as readonly string[],
    /** Writes down the outcomes that only memory has, because the run will come again. */
    async keep() {
      for (const [token, outcome] of unwritten) await store.done(work, lease, token, outcome);
    },
  };
}

/** How soon it is looked again whether the evidence has been heard. */
const listenAgainMs = 1_000;

/** How often an effect is repeated after the world would not say what came of it. */
const resends = 1;

/** One run's effects. */
export type Doing = ReturnType<typeof onceFor>;

type Effecting<Outcome> = (token: string, signal: AbortSignal) => Promise<Outcome>;

const harmless = <Outcome>(terms: OnceTerms<Outcome>) =>
  terms.ifUnsure === "retry" && terms.evidence === undefined;
