import { randomBytes } from "node:crypto";
import { type Agents, agents } from "./chat/agents.ts";
import { type Chats, chats } from "./chat/chats.ts";
import { type Queues, queues } from "./chat/queues.ts";
import { type Transcripts, transcripts } from "./chat/transcripts.ts";
import { type Faults, faults } from "./faults.ts";
import type { Flows } from "./flow/document.ts";
import { type Functions, functions } from "./functions.ts";
import type { Journal } from "./journal/journal.ts";
import { type Table, table } from "./journal/table.ts";
import { type Quotas, quotas } from "./quotas.ts";
import { type Timers, timers } from "./timers.ts";
import { type Tokens, tokens } from "./tokens.ts";

/** The answer once given to a client token. */
export interface Answered {
  readonly answer: unknown;
  readonly at: number;
}

/** One line of the simulator's log: what happened, then words. */
export type Log = (facts: Readonly<Record<string, unknown>>, words: string) => void;

/** All that the parts of the stand-in share. */
export interface World {
  readonly journal: Journal;
  readonly timers: Timers;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly functions: Functions;
  readonly flows: Flows;
  readonly chats: Chats;
  readonly transcripts: Transcripts;
  readonly queues: Queues;
  readonly agents: Agents;
  readonly answers: Table<Answered>;
  readonly log: Log;
  /** A length of AWS's time, in milliseconds of ours. */
  scaled(ms: number): number;
  /** Where sockets are opened; known once the port is. */
  socketOrigin: string;
  httpOrigin: string;
}

/** The shared parts, filled with what the journal remembers. */
export function world(options: {
  readonly journal: Journal;
  readonly flows: Flows;
  readonly speed: number;
  readonly quotas: "aws" | "off" | number;
  readonly log: Log;
}): World {
  const { journal, flows, speed, log } = options;
  const secrets = table<string>(journal, "secret");
  const secret = secrets.get("tokens") ?? randomBytes(32).toString("base64url");
  secrets.put("tokens", secret);
  return {
    journal,
    flows,
    log,
    timers: timers(),
    quotas: quotas(options.quotas),
    faults: faults(journal),
    tokens: tokens(secret),
    functions: functions(journal),
    chats: chats(journal),
    transcripts: transcripts(journal),
    queues: queues(journal),
    agents: agents(journal),
    answers: table<Answered>(journal, "answer"),
    scaled: (ms) => ms / speed,
    socketOrigin: "",
    httpOrigin: "",
  };
}
