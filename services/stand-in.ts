import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";

// What the stand-in for AWS has out of the box, so that `npm start` needs no settings.
const instanceId = "11111111-2222-3333-4444-555555555555";
const number = "+12065550100";
const account = "111122223333";

/** The settings that fit the stand-in at `endpoint`; a settings file goes over them. */
export const standInSettings = (endpoint: string) => ({
  organisation: "Holdline Demo",
  instanceId,
  numbers: [{ address: number, flow: "sms-chat", queue: "sms", partsPerSecond: 10 }],
  bots: { default: { kind: "lex-v2", botId: "HOLDLINE01", aliasId: "TSTALIASID" } },
  sms: { configurationSet: "holdline" },
  streamingTopicArn: `arn:aws:sns:us-west-2:${account}:chat-streaming`,
  queues: {
    inbound: new URL(`/${account}/sms-inbound`, endpoint).href,
    delivery: new URL(`/${account}/sms-delivery`, endpoint).href,
    streaming: new URL(`/${account}/chat-streaming`, endpoint).href,
  },
});

/** The SDK will not sign without credentials; the stand-in does not look at them. */
export function standInCredentials(variables: NodeJS.ProcessEnv): void {
  variables.AWS_ACCESS_KEY_ID ||= "stand-in";
  variables.AWS_SECRET_ACCESS_KEY ||= "stand-in";
}

/** How the stand-in learns where the functions are that its flows invoke: url by name. */
export type Announce = (
  endpoint: string,
  functions: Readonly<Record<string, string>>,
  log: Log,
  signal: AbortSignal,
) => Promise<void>;

/** Tells a stand-in that runs by itself, as soon as it is there. */
export const registerFunctions: Announce = async (endpoint, functions, log, signal) => {
  for (const [name, url] of Object.entries(functions)) {
    for (let tries = 0; !signal.aborted; tries++) {
      const answer = await fetch(new URL(`/_sim/functions/${name}`, endpoint), {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ url }),
        signal,
      }).catch(() => undefined);
      if (answer?.ok) break;
      if (tries === 20) log.warn({ endpoint }, "waiting for the stand-in for AWS to answer");
      await sleep(Math.min(1_000, 25 * 2 ** tries), undefined, { signal }).catch(() => {});
    }
  }
};

/** What a bot is built with on the stand-in: the function that a pipeline beside it registers, and any role. */
export const standInBot: { readonly functionArn?: string; readonly roleArn?: string } = {
  functionArn: `arn:aws:lambda:us-west-2:${account}:function:faq-answer`,
  roleArn: `arn:aws:iam::${account}:role/holdline-bot`,
};
