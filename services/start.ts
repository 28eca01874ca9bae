import { join } from "node:path";
import { type Simulator, simulator } from "@holdline/simulator";
import type { Environment } from "./environment.ts";
import { folderMatcher } from "./faq.ts";
import { freePorts } from "./free-ports.ts";
import type { Log } from "./log.ts";
import { type Running, serve } from "./main.one-machine.ts";

/** Starts the stand-in for AWS as the environment says; `functions` are where its flows find ours. */
export async function standIn(
  env: Environment,
  faq: string | undefined,
  log: Log,
  functions: Readonly<Record<string, string>> = {},
): Promise<Simulator> {
  const answers = await folderMatcher(faq, env.HOLDLINE_DATA);
  const aws = await simulator({
    port: env.HOLDLINE_PORT,
    host: env.HOLDLINE_HOST,
    dataDir: join(env.HOLDLINE_DATA, "aws"),
    quotas: env.HOLDLINE_QUOTAS,
    speed: env.HOLDLINE_SPEED,
    matcher: answers.match,
    functions,
    log: (facts, words) => log.info(facts, words),
  }).catch((error) => {
    answers.close();
    throw error;
  });
  return {
    ...aws,
    async close() {
      await aws.close();
      answers.close();
    },
  };
}

/**
 * Both in one process: the stand-in for AWS, and the pipeline against it. The stand-in's port opens when
 * everything behind it is ready to be called.
 */
export async function start(
  given: Environment,
  faq: string | undefined,
  log: Log,
): Promise<Running & { readonly awsUrl: string }> {
  const [free = 0] = given.HOLDLINE_PORT === 0 ? await freePorts(1) : [];
  const env = { ...given, HOLDLINE_PORT: given.HOLDLINE_PORT || free };
  const awsUrl = `http://127.0.0.1:${env.HOLDLINE_PORT}`;
  let aws: Simulator | undefined;
  const running = await serve({ ...env, AWS_ENDPOINT_URL: awsUrl }, log, async (_, functions) => {
    aws = await standIn(env, faq, log, functions);
  }).catch(async (error) => {
    await aws?.close();
    throw error;
  });
  return {
    ...running,
    awsUrl,
    async close() {
      await running.close();
      await aws?.close();
    },
  };
}
