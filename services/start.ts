import { join } from "node:path";
import { type Simulator, simulator } from "@holdline/simulator";
import type { Environment } from "./environment.ts";
import { defaultMatcher } from "./faq.ts";
import type { Log } from "./log.ts";
import { type Running, serve } from "./main.one-machine.ts";

/** Starts the stand-in for AWS as the environment says. */
export async function standIn(
  env: Environment,
  faq: string | undefined,
  log: Log,
): Promise<Simulator> {
  return simulator({
    port: env.HOLDLINE_PORT,
    host: env.HOLDLINE_HOST,
    dataDir: join(env.HOLDLINE_DATA, "aws"),
    quotas: env.HOLDLINE_QUOTAS,
    speed: env.HOLDLINE_SPEED,
    matcher: defaultMatcher(faq),
    log: (facts, words) => log.info(facts, words),
  });
}

/** Both in one process: the stand-in for AWS, and the pipeline against it. */
export async function start(
  env: Environment,
  faq: string | undefined,
  log: Log,
): Promise<Running & { readonly awsUrl: string }> {
  const aws = await standIn(env, faq, log);
  const running = await serve({ ...env, AWS_ENDPOINT_URL: aws.url }, log).catch(async (error) => {
    await aws.close();
    throw error;
  });
  return {
    ...running,
    awsUrl: aws.url,
    async close() {
      await running.close();
      await aws.close();
    },
  };
}
