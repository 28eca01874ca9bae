import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "@holdline/events";
import { type Matcher, type SimulatorOptions, simulator } from "@holdline/simulator";
import { onTestFinished } from "vitest";
import { type Environment, environment } from "../../services/environment.ts";
import type { Log } from "../../services/log.ts";
import { type Running, serve } from "../../services/main.one-machine.ts";
import { ownFolder } from "../support/folder.ts";

export const business = "+12065550100";
const patienceMs = 10_000;

/** What the bot of this town knows. */
const matcher: Matcher = (text) =>
  /open|abre/i.test(text) ? { intent: "Hours", score: 0.9, answer: "We open at nine." } : undefined;

interface PhoneText {
  readonly direction: "in" | "out";
  readonly text: string;
  readonly status: string;
  readonly number: string;
}

interface Desk {
  readonly contactId: string;
  readonly customer: string;
  readonly state: string;
  readonly transcript: readonly { readonly role: string; readonly text: string }[];
}

export type Town = Awaited<ReturnType<typeof town>>;

/** Which pipeline serves the town, and how its whole history is asked for. */
export interface Pipeline {
  readonly serving: (env: Environment, log: Log) => Promise<Running>;
  readonly history: string;
}
const overTheLog: Pipeline = { serving: serve, history: "from=1" };

/**
 * A business with its customers and agents: the stand-in for AWS and the pipeline against it, in this
 * process, over the real embedded store and the real SDK clients; over the log, where no other pipeline is named.
 */
export async function town(
  settings: object = {},
  options: SimulatorOptions = {},
  { serving, history }: Pipeline = overTheLog,
) {
  const folder = ownFolder();
  const aws = await simulator({ port: 0, quotas: "off", speed: 10, matcher, ...options });
  const config = join(folder, "holdline.config.json");
  mkdirSync(join(folder, "data"));
  const configure = (also: object) =>
    writeFileSync(config, JSON.stringify({ organisation: "Acme", ...settings, ...also }));
  configure({});
  const lines: string[] = [];
  const writes = (level: string) => (facts: object, words: string) => {
    lines.push(`${level} ${words} ${JSON.stringify(facts)}`);
  };
  const log: Log = {
    ...{ debug: writes("debug"), info: writes("info") },
    ...{ warn: writes("warn"), error: writes("error") },
  };
  const up = () =>
    serving(
      environment({
        ...{ HOLDLINE_DATA: join(folder, "data"), HOLDLINE_CONFIG: config, HOLDLINE_OPS_PORT: "0" },
        ...{ HOLDLINE_SPEED: "10", HOLDLINE_QUOTAS: "off", AWS_ENDPOINT_URL: aws.url },
        HOLDLINE_TWILIO_AUTH_TOKEN: process.env.HOLDLINE_TWILIO_AUTH_TOKEN,
      }),
      log,
    );
  let running: Running = await up();
  onTestFinished(async () => {
    await running.close();
    await aws.close();
  });

  async function ask<T>(method: string, path: string, body?: unknown, at = aws.url): Promise<T> {
    const answer = await fetch(new URL(path, at), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(body !== undefined && { headers: { "content-type": "application/json" } }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return JSON.parse(said) as T;
  }

  async function events(): Promise<readonly Event[]> {
    const answer = await fetch(`${running.opsUrl}/events?${history}`);
    const rows = (await answer.text()).split("\n").filter((row) => row !== "");
    return rows.map((row) => (JSON.parse(row) as { event: Event }).event);
  }

  /** Looks until there is something to see; fails with what there was instead. */
  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > end)
        throw new Error(
          `waited in vain for ${what}; the log's end:\n${lines.slice(-15).join("\n")}`,
        );
      await sleep(10);
    }
  }

  return {
    lines,
    events,
    until,
    ask,
    awsUrl: aws.url,
    /** The settings' file. */
    config,
    folder: join(folder, "data"),
    get opsUrl() {
      return running.opsUrl;
    },
    /** Waits for an event of a type that holds what is given. */
    happens: (type: string, data: object = {}) =>
      until(`${type} ${JSON.stringify(data)}`, async () =>
        (await events()).find(
          (event) =>
            event.type === type &&
            Object.entries(data).every(
              ([name, value]) => (event.data as Record<string, unknown>)[name] === value,
            ),
        ),
      ),
    call: (from: string, to = business) =>
      ask<{ offered: boolean }>("POST", "/_sim/calls", {
        ...{ from, to, queue: "voice", waitSeconds: 7_500, press: "1" },
      }),
    faults: (faults: object) => ask("POST", "/_sim/faults", faults),
    noFaults: () => ask("DELETE", "/_sim/faults"),
    contacts: () =>
      ask<readonly { contactId: string; customer: string; state: string; openSockets: number }[]>(
        ...(["GET", "/_sim/contacts"] as const),
      ),
    /** Stops the pipeline and starts it again on the same data, as a deployment does; with other settings too. */
    async restart(also: object = {}) {
      await running.close();
      configure(also);
      running = await up();
    },
    phone: (number: string) => phoneOf(number, { ask, until }),
    agent: (name: string) => agentOf(name, { ask, until }),
  };
}

interface Means {
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

/** A customer's phone. */
function phoneOf(number: string, { ask, until }: Means) {
  let seen = 0;
  const path = `/_sim/phones/${encodeURIComponent(number)}`;
  const texts = () => ask<readonly PhoneText[]>("GET", `${path}/texts`);
  return {
    number,
    texts: (text: string, to = business) => ask("POST", `${path}/texts`, { text, to }),
    is: (kind: "mobile" | "landline") => ask("PUT", path, { kind }),
    /** All it received so far, oldest first. */
    async inbox(): Promise<readonly string[]> {
      return (await texts()).filter(({ direction }) => direction === "in").map(({ text }) => text);
    },
    all: texts,
    /** Waits for the next text, and looks that it is the one expected. */
    async receives(expected: RegExp): Promise<string> {
      const [text = ""] = await this.receivesBoth(expected);
      return text;
    },
    /** The same for several texts that come in any order. */
    async receivesBoth(...expected: readonly RegExp[]): Promise<readonly string[]> {
      const upTo = seen + expected.length;
      const next = await until(`${expected.join(" and ")} on the phone`, async () => {
        const inbox = await this.inbox();
        return inbox.length >= upTo ? inbox.slice(seen, upTo) : undefined;
      });
      seen = upTo;
      const missing = expected.filter((one) => !next.some((text) => one.test(text)));
      if (missing.length > 0)
        throw new Error(`expected ${missing.join(" and ")}, received:\n${next.join("\n")}`);
      return next;
    },
  };
}

/** An agent at a desk. */
function agentOf(name: string, { ask, until }: Means) {
  const path = `/_sim/agents/${encodeURIComponent(name)}`;
  const desk = () => ask<readonly Desk[]>("GET", `${path}/contacts`);
  const current = (customer?: string) =>
    until(`a chat on ${name}'s desk`, async () =>
      (await desk()).find(
        (chat) => chat.state === "connected" && (!customer || chat.customer === customer),
      ),
    );
  return {
    desk,
    current,
    is: (state: "available" | "offline") => ask("POST", path, { state }),
    sees: (expected: RegExp, customer?: string) =>
      until(`${expected} on ${name}'s desk`, async () => {
        const chats = await desk();
        const wanted = chats.filter((chat) => !customer || chat.customer === customer);
        return wanted
          .flatMap(({ transcript }) => transcript)
          .find(({ text }) => expected.test(text));
      }),
    async says(text: string, customer?: string) {
      const { contactId } = await current(customer);
      await ask("POST", `/_sim/contacts/${contactId}/messages`, { text });
    },
    async ends(customer?: string) {
      const { contactId } = await current(customer);
      await ask("POST", `/_sim/contacts/${contactId}/end`, {});
    },
  };
}
