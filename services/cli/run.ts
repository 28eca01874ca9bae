import { environment } from "../environment.ts";
import { standardLog } from "../log.ts";
import { serveOnKafka } from "../main.kafka.ts";
import { serve } from "../main.one-machine.ts";
import { shareFolder } from "../shared-state.ts";
import { standIn, start } from "../start.ts";
import { simClient } from "./sim-client.ts";

/** Waits to be told to stop, or for a part to fail; then closes. A second signal does not wait. */
async function until(running: { close(): Promise<void>; failed?: Promise<never> }): Promise<void> {
  const told = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
  });
  try {
    await Promise.race([told, running.failed ?? told]);
  } finally {
    await running.close();
  }
}

/** Everything in one process. */
export async function runStart(faq: string | undefined): Promise<void> {
  const env = environment(process.env);
  const running = await start(env, faq, standardLog(env.HOLDLINE_LOG));
  console.log(
    `holdline is ready: AWS stand-in ${running.awsUrl}, tools ${running.opsUrl}, data ${env.HOLDLINE_DATA} (Ctrl-C stops it)`,
  );
  // A desk that was killed has signed nobody out, and whoever calls is put through at once.
  for (const { name, state } of await simClient(running.awsUrl)
    .agents()
    .catch(() => []))
    if (state === "available")
      console.log(
        `${name} is still signed in as an agent; \`npx holdline desk ${name}\`, then /quit, signs out`,
      );
  await until(running);
}

/** The pipeline alone. */
export async function runServe(): Promise<void> {
  const env = environment(process.env);
  const running = await serve(env, standardLog(env.HOLDLINE_LOG));
  const aws = env.AWS_ENDPOINT_URL ?? "AWS";
  console.log(
    `holdline serve is ready: against ${aws}, tools ${running.opsUrl}, data ${env.HOLDLINE_DATA}`,
  );
  await until(running);
}

/** The pipeline over Kafka: all of it, or the parts named. */
export async function runServeOnKafka(only: readonly string[] | undefined): Promise<void> {
  const env = environment(process.env);
  const running = await serveOnKafka(env, standardLog(env.HOLDLINE_LOG), only);
  console.log(
    `holdline serve is ready: over Kafka, ${only?.join(", ") ?? "all parts"}, tools ${running.opsUrl}`,
  );
  await until(running);
  // Where a broker went away meanwhile, kafkajs leaves connections and timers behind that nobody can close.
  process.exit();
}

/** The state store that the processes over Kafka share on one machine. */
export async function runStore(): Promise<void> {
  const env = environment(process.env);
  const shared = await shareFolder(env);
  console.log(`holdline store is ready: ${env.HOLDLINE_DATA} at ${shared.path}`);
  await until(shared);
}

/** The stand-in alone. */
export async function runSimulator(faq: string | undefined): Promise<void> {
  const env = environment(process.env);
  const aws = await standIn(env, faq, standardLog(env.HOLDLINE_LOG));
  console.log(`holdline simulator is ready: ${aws.url} (AWS_ENDPOINT_URL=${aws.url})`);
  await until(aws);
}
