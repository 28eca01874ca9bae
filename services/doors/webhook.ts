import { type Brought, type Channel, digestKey, type WebhookRequest } from "@holdline/channels";
import type { Log } from "../log.ts";
import type { Ports } from "../ports.ts";
import { type Arriving, lineOf, mostBytes, receiptArrived, textArrived } from "./arrivals.ts";
import { type LettingIn, letIn } from "./batch.ts";

/** A request as a server has it: where it was meant to go is for the door to say. */
export interface CalledRequest extends Omit<WebhookRequest, "url"> {
  /** Path and query. */
  readonly path: string;
}

/** Texts of one customer that come by HTTP overtake each other by no more. */
export const webhookHoldBackMs = 50;

/** What a carrier is answered. */
export interface WebhookAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Takes one request for a channel; `at` is when it reached us (epoch ms). */
export type WebhookDoor = (
  channel: string,
  request: CalledRequest,
  at: number,
) => Promise<WebhookAnswer>;

export interface WebhookParts extends Omit<Arriving, "channel"> {
  readonly channel: Ports["channel"];
  /** Where carriers believe to call, scheme and host: what some of them sign. */
  readonly publicUrl: (request: CalledRequest) => string;
  readonly store: LettingIn["store"];
  readonly holdBackMs: number;
  readonly log: Log;
}

/**
 * The door of carriers that call us by HTTP. A request is turned away, or all it brought is let in before
 * it is answered: a carrier that hears nothing good comes again, and nothing is let in twice.
 */
export function webhookDoor(parts: WebhookParts): WebhookDoor {
  const { publicUrl, secret, log } = parts;
  return async (name, { path, ...request }, at) => {
    const channel = channelOf(name);
    if (!channel?.receive) return turnedAway(404, "no such channel takes requests here");
    if (request.body.length > mostBytes)
      return turnedAway(413, `a body may have ${mostBytes} bytes`);
    const url = new URL(path, publicUrl({ path, ...request })).href;
    const received = await channel.receive({ ...request, url }).catch((error) => {
      log.error({ channel: name, error: nameOf(error) }, "a request could not be checked");
    });
    if (!received) return turnedAway(503, "this could not be checked; come again");
    if ("turnedAway" in received) {
      const { turnedAway: status, why } = received;
      log.warn({ channel: name, status, why }, "a request was turned away");
      return turnedAway(status, why);
    }
    const { brought, answer = { type: "text/plain; charset=utf-8", body: "" } } = received;
    const through = await Promise.all(brought.map((one) => letThrough(channel, one, at)));
    return through.every(Boolean)
      ? { status: 200, ...answer }
      : turnedAway(503, "this could not be kept; come again");
  };

  function channelOf(name: string): Channel | undefined {
    try {
      return parts.channel(name);
    } catch {
      return undefined;
    }
  }

  async function letThrough(channel: Channel, brought: Brought, at: number): Promise<boolean> {
    const door = { ...parts, channel };
    const { is, raw } = brought;
    // What came again has the same name, and what was kept once is not kept beside itself.
    const messageId = digestKey(`${secret} ${raw}`);
    const record = { messageId, body: raw, attributes: { SentTimestamp: `${brought.at ?? at}` } };
    const line = `webhook-${is}-${lineOf(door, brought)}`;
    const { batchItemFailures } = await letIn([record], {
      ...{ store: parts.store, holdBackMs: parts.holdBackMs },
      standing: () => ({ line, at: brought.at ?? at }),
      arrive: (body, time) =>
        is === "text" ? textArrived(door, body, time) : receiptArrived(door, body, time),
      failed: (error) => log.error({ channel: channel.name, error: nameOf(error) }, "not let in"),
    });
    return batchItemFailures.length === 0;
  }
}

/** The name of an error alone: its message may quote a customer. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

const turnedAway = (status: number, why: string): WebhookAnswer => ({
  status,
  type: "application/json",
  body: `${JSON.stringify({ error: why })}\n`,
});
