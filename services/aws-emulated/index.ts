import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as declared from "@holdline/events";
import { startEmulator } from "@holdline/peers";
import { topicsOf } from "@holdline/runtime";
import { environment } from "../environment.ts";
import { freePorts } from "../free-ports.ts";
import { standardLog } from "../log.ts";
import { pipeline } from "../pipeline.ts";
import { standInSettings } from "../stand-in.ts";
import { standIn } from "../start.ts";
import { type Disorder, eventSource } from "./event-source.ts";
import { type EmulatedFunction, emulatedFunction, type Spent } from "./functions.ts";
import { makeBus, makeTable, subscribe } from "./provision.ts";
import { recorded } from "./recording.ts";
import { deployedVariables, placeVariables } from "./variables.ts";

/** What is deployed on AWS, deployed on this machine. */
export interface OnAws {
  /** Where the stand-in for Connect, SMS and Lex is, with its control door. */
  readonly awsUrl: string;
  /** What every function of it finds in its environment: links, settings, where AWS is. */
  readonly variables: Readonly<Record<string, string>>;
  /** What it has come to so far: events published, runs, DynamoDB capacity. */
  account(): Promise<Account>;
  /** All that the bus has carried so far, taken away: nothing of it is counted any more. */
  history(): ReturnType<typeof recorded>;
  close(): Promise<void>;
}

/** What was counted while it ran. */
export interface Account {
  readonly events: number;
  readonly spent: readonly Spent[];
}

export interface OnAwsOptions {
  readonly folder: string;
  readonly faq?: string;
  readonly quotas?: "aws" | "off";
  readonly disorder?: Disorder;
  readonly say?: (line: string) => void;
  /** Told every line that the functions and the holder log. */
  readonly logged?: (line: string) => void;
}

const services = new URL("../", import.meta.url);
const everyTopic = [
  ...new Set(
    Object.values<unknown>(declared).flatMap((one) =>
      typeof one === "function" && "type" in one ? [declared.topicOf(String(one.type))] : [],
    ),
  ),
];

/**
 * The deployment of `stacks/` against an emulator of EventBridge, SQS and DynamoDB and our stand-in for
 * the rest: a rule and a queue for every stage, the functions' own code invoked with batches, the
 * socket-holder in a process of its own.
 */
export async function onAws({
  folder,
  faq,
  quotas = "aws",
  disorder,
  say = () => {},
  logged,
}: OnAwsOptions): Promise<OnAws> {
  const emulator = await startEmulator(say);
  const [port = 0, holderPort = 0] = await freePorts(2);
  const log = standardLog(process.env.HOLDLINE_LOG ?? "warn");
  const env = environment({
    HOLDLINE_PORT: `${port}`,
    HOLDLINE_DATA: folder,
    HOLDLINE_QUOTAS: quotas,
  });
  const { endpoint, region, credentials } = emulator;
  const awsUrl = `http://127.0.0.1:${port}`;
  const place = { endpoint, region, credentials };
  const sqs = new SQSClient(place);
  const parts = { eventBridge: new EventBridgeClient(place), sqs, busName: "holdline" };
  const table = "holdline-state";
  await makeBus(parts);
  await makeTable(new DynamoDBClient(place), table);

  const config = join(mkdtempSync(join(tmpdir(), "holdline-aws-")), "holdline.config.json");
  const { queues, ...settings } = standInSettings(awsUrl);
  writeFileSync(config, JSON.stringify(settings));
  const shared = {
    ...placeVariables(emulator, awsUrl),
    ...deployedVariables({ busName: parts.busName, table, config }),
    HOLDLINE_LOG: process.env.HOLDLINE_LOG?.toUpperCase() ?? "ERROR",
  };
  const stop = new AbortController();
  const functions: EmulatedFunction[] = [];
  const sources: Promise<void>[] = [];
  const deploy = (file: string, name: string, more: Record<string, string> = {}) => {
    const made = emulatedFunction({
      title: more.HOLDLINE_STAGE ?? `${basename(file, ".lambda.ts")} ${name}`,
      file: new URL(file, services),
      ...{ name, logged },
      env: { ...shared, ...more },
    });
    functions.push(made);
    return made;
  };
  const listen = (queueUrl: string, of: EmulatedFunction, from = sqs) =>
    sources.push(
      eventSource({
        ...{ sqs: from, queueUrl, of, signal: stop.signal, ...(disorder && { disorder }) },
        trouble: (error) => log.warn({ error: String(error) }, "an event source is in trouble"),
      }),
    );

  for (const stage of pipeline) {
    const queueUrl = await subscribe(parts, stage.name, topicsOf(stage));
    const more = { HOLDLINE_STAGE: stage.name, HOLDLINE_QUEUE: queueUrl };
    listen(queueUrl, deploy("main.lambda.ts", "handler", more));
  }
  listen(
    await subscribe(parts, "dead-letters", ["event"]),
    deploy("dead-letters.lambda.ts", "handler"),
  );
  const counting = await subscribe(parts, "counting", everyTopic);
  const optIn = await functionUrl(deploy("doors/opt-in.lambda.ts", "handler"));
  const offerStatus = await functionUrl(deploy("doors/offer-status.lambda.ts", "handler"));
  const functionUrls = { "opt-in": optIn.url, "offer-status": offerStatus.url };
  const aws = await standIn(env, faq, log, functionUrls);
  // Texts and receipts come over the stand-in's own queues, as the carrier fills them.
  const carrier = new SQSClient({ region, credentials, endpoint: awsUrl });
  listen(queues.inbound, deploy("doors/sms.lambda.ts", "texts"), carrier);
  listen(queues.delivery, deploy("doors/sms.lambda.ts", "receipts"), carrier);

  const wakeQueue = await subscribe(parts, "socket-holder", ["contact"]);
  const holder = fork(new URL("socket-holder/main.ts", services), {
    env: {
      ...process.env,
      ...shared,
      HOLDLINE_WAKE_QUEUE: wakeQueue,
      HOLDLINE_OPS_PORT: `${holderPort}`,
    },
    silent: true,
  });
  if (logged)
    for (const input of [holder.stdout, holder.stderr])
      createInterface({ input: input as Readable }).on("line", logged);
  else holder.stderr?.pipe(process.stderr, { end: false });
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.on("data", (chunk) => String(chunk).includes(" is ready") && resolve());
    holder.once("exit", (code) => reject(new Error(`the socket-holder ended with ${code}`)));
  });
  say(`${pipeline.length} stages, ${functions.length} functions and a socket-holder are up`);

  async function account(): Promise<Account> {
    const attributes = new GetQueueAttributesCommand({
      QueueUrl: counting,
      AttributeNames: ["ApproximateNumberOfMessages"],
    });
    const { Attributes = {} } = await sqs.send(attributes);
    const health = await (await fetch(`http://127.0.0.1:${holderPort}/healthz`)).json();
    const { capacity } = health as Pick<Spent, "capacity">;
    const spent = await Promise.all(functions.map((one) => one.spent()));
    return {
      events: Number(Attributes.ApproximateNumberOfMessages),
      spent: [...spent, { title: "socket-holder", runs: 0, ms: 0, capacity }],
    };
  }

  return {
    awsUrl,
    variables: shared,
    account,
    history: () => recorded(sqs, counting),
    async close() {
      stop.abort();
      await Promise.allSettled(sources);
      if (holder.exitCode === null) {
        const gone = once(holder, "exit");
        holder.kill("SIGTERM");
        await gone;
      }
      await Promise.all(functions.map((one) => one.close()));
      await optIn.close();
      await offerStatus.close();
      await aws.close();
      await emulator.close();
    },
  };
}

/** What a function answers, and that it failed where it does, or where it was asked nonsense. */
async function invoked(of: EmulatedFunction, body: string) {
  try {
    return { status: 200, json: await of.invoke(JSON.parse(body)) };
  } catch {
    return { status: 500, json: { error: "the function failed" } };
  }
}

/** A function behind a URL, for the stand-in's flows: it posts the event and reads the answer. */
async function functionUrl(of: EmulatedFunction) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await invoked(of, Buffer.concat(chunks).toString());
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.json));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
