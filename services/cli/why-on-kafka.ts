import type { Stage } from "@holdline/runtime";
import { Instant } from "../archive-source.ts";
import { environment } from "../environment.ts";
import { numbersOf } from "../installation.ts";
import { knownSecret } from "../secret.ts";
import { kafkaSource } from "../why/on-kafka.ts";
import { askOps } from "./ops-client.ts";
import type { WhyPlace } from "./why.ts";

/** An installation over Kafka: what the brokers have, and any of its processes for where the stages stand. */
export async function whyOnKafka(
  stages: readonly Stage[],
  from: string | undefined,
  since: string | undefined,
): Promise<WhyPlace> {
  if (from !== undefined) throw new Error("--from is another history than that of --on kafka");
  const env = environment(process.env);
  const begins = since === undefined ? undefined : Instant.safeParse(since).data;
  if (since !== undefined && begins === undefined)
    throw new Error(`--since is a time such as 2026-03-01T08:00:00Z, not ${since}`);
  const ask = (path: string) => askOps("GET", path, AbortSignal.timeout(5_000));
  const source = await kafkaSource(env, begins?.getTime());
  return {
    source,
    secret: knownSecret(env.HOLDLINE_DATA, env.HOLDLINE_SECRET),
    numbers: numbersOf(env),
    standing: (key) => source.standing(key, stages, ask),
  };
}
