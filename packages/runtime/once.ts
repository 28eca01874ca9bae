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
 * An effect that may be repeated harmlessly needs no mark before it: its outcome is kept in memory and
 * written down only if the run must come again (`keep`). Every other effect is marked as begun, durably,
 * before it happens, and its outcome is durable before anything else does.
 */
export function onceFor(
  runId: string,
  { work, lease, until }: Holding,
  store: StateStore,
  now: () => number,
  policy: RetryPolicy,
) {
  const effects: Effect[] = [];
  const tokens: string[] = [];
  const unwritten = new Map<string, unknown>();

  const once: Once = async (name, effect, terms) => {
    const token = `${runId}/${name}`;
    tokens.push(token);
    const mark = await store.mark(token);
    if (mark && "outcome" in mark) {
      effects.push({ name, outcome: mark.outcome });
      return mark.outcome as Awaited<ReturnType<typeof effect>>;
    }
    const outcome = harmless(terms)
      ? await perform(token, effect, terms)
      : await performMarked(token, effect, terms, mark);
    effects.push({ name, outcome });
    return outcome;
  };

  async function perform<Outcome>(
    token: string,
    effect: (token: string, signal: AbortSignal) => Promise<Outcome>,
    terms: OnceTerms<Outcome>,
  ): Promise<Outcome> {
    await admitted(terms);
    try {
      const outcome = await effect(token, signal());
      unwritten.set(token, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Unsure) throw new Retry(error.code, { cause: error });
      throw error;
    }
  }

  async function performMarked<Outcome>(
    token: string,
    effect: (token: string, signal: AbortSignal) => Promise<Outcome>,
    terms: OnceTerms<Outcome>,
    mark: { readonly begunAt: number; readonly times: number } | undefined,
  ): Promise<Outcome> {
    if (mark && mark.times > 0) {
      const known = terms.evidence?.(token);
      if (known !== undefined) {
        await store.done(work, lease, token, known);
        return known;
      }
      const waitLeftMs = mark.begunAt + (terms.waitMs ?? 0) - now();
      if (terms.evidence && waitLeftMs > 0)
        throw new Retry("unsure", { afterMs: waitLeftMs, counts: false });
      if (terms.ifUnsure === "dead-letter" || mark.times > 1) throw new DeadLetter("unsure");
    }
    await admitted(terms);
    await store.begin(work, lease, token, (mark?.times ?? 0) + 1);
    try {
      const outcome = await effect(token, signal());
      await store.done(work, lease, token, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Unsure) {
        if (!terms.evidence && terms.ifUnsure === "dead-letter")
          throw new DeadLetter("unsure", { cause: error });
        throw new Retry("unsure", { afterMs: terms.waitMs ?? 0, counts: false, cause: error });
      }
      // Everything else surely did not happen: take the begun mark back.
      await store.begin(work, lease, token, mark?.times ?? 0);
      throw error;
    }
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

  const signal = () => AbortSignal.timeout(Math.max(1, until - now()));

  return {
    once,
    effects: effects as readonly Effect[],
    /** Every token asked for: marks to forget once the event is committed. */
    tokens: tokens as readonly string[],
    /** Writes down the outcomes that only memory has, because the run will come again. */
    async keep() {
      for (const [token, outcome] of unwritten) await store.done(work, lease, token, outcome);
    },
  };
}

const harmless = <Outcome>(terms: OnceTerms<Outcome>) =>
  terms.ifUnsure === "retry" && terms.evidence === undefined;
