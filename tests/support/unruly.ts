import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "@holdline/runtime";

/**
 * The worst transport that still keeps its word: it delivers late, out of order, and more than once.
 *
 * Whatever the inner transport hands over is acked there and goes up into the air, whence it comes down
 * on its own, several copies of it perhaps, until the stage acks one. What is still in the air when it
 * is stopped comes down when it is consumed again. `chaos` yields numbers in [0, 1).
 */
export function unruly(
  inner: Transport,
  chaos: () => number,
  { delayMs = 5 }: { delayMs?: number } = {},
): Transport {
  const inTheAir = new Map<string, Set<unknown>>();
  return {
    ...inner,
    name: `unruly ${inner.name}`,
    traits: { ...inner.traits, ordered: false },

    async consume(subscriber, deliver, signal) {
      const air = inTheAir.get(subscriber.name) ?? new Set();
      inTheAir.set(subscriber.name, air);
      const copies = new Set<Promise<void>>();

      const bringDown = async (raw: unknown) => {
        while (!signal.aborted) {
          await sleep(chaos() * delayMs, undefined, { signal }).catch(() => {});
          if (signal.aborted) return;
          const verdict = await deliver(raw);
          if (verdict.verdict === "ack") return void air.delete(raw);
        }
      };
      const toss = (raw: unknown) => {
        const copy: Promise<void> = bringDown(raw).finally(() => copies.delete(copy));
        copies.add(copy);
      };

      for (const raw of air) toss(raw);
      await inner.consume(
        subscriber,
        async (raw) => {
          air.add(raw);
          toss(raw);
          if (chaos() < 0.4) toss(raw);
          return { verdict: "ack" };
        },
        signal,
      );
      await Promise.all(copies);
    },
  };
}
