/** Token buckets, as AWS counts requests: so many a second, and a burst on top. */
export interface Quotas {
  /** Takes `cost` from a bucket, or says that the caller is too fast. */
  take(bucket: string, ratePerSecond: number, burst: number, cost?: number): boolean;
  /** A limit that is not a rate (chats at once), scaled like the rates. */
  ceiling(limit: number): number;
}

type Bucket = { tokens: number; atMs: number; rate: number; burst: number };

/** Quotas scaled by a factor; `"aws"` is 1 and `"off"` never refuses. Quotas run in real time whatever the speed. */
export function quotas(scale: "aws" | "off" | number): Quotas {
  const factor = scale === "aws" ? 1 : scale === "off" ? Number.POSITIVE_INFINITY : scale;
  if (!Number.isFinite(factor))
    return { take: () => true, ceiling: () => Number.POSITIVE_INFINITY };
  const buckets = new Map<string, Bucket>();
  const sweep = (nowMs: number) => {
    for (const [name, bucket] of buckets)
      if (bucket.tokens + ((nowMs - bucket.atMs) / 1000) * bucket.rate >= bucket.burst)
        buckets.delete(name);
  };
  return {
    ceiling: (limit) => Math.max(1, Math.floor(limit * factor)),
    take(name, ratePerSecond, burstSize, cost = 1) {
      const rate = ratePerSecond * factor;
      const burst = Math.max(1, burstSize * factor);
      const nowMs = performance.now();
      // One bucket per recipient would otherwise grow with every phone ever texted.
      if (buckets.size > 20_000) sweep(nowMs);
      const bucket = buckets.get(name) ?? { tokens: burst, atMs: nowMs, rate, burst };
      bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * rate);
      bucket.atMs = nowMs;
      buckets.set(name, bucket);
      // Below zero is allowed: a text of many parts passes when there is any room, and is paid for afterwards.
      if (bucket.tokens < Math.min(cost, 1)) return false;
      bucket.tokens -= cost;
      return true;
    },
  };
}
