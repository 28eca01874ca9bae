import { setTimeout as sleep } from "node:timers/promises";
import { answering, sayAbove } from "./sockets-child.ts";

/** What all contenders are given. */
export interface Terms {
  readonly chats: number;
  readonly heartbeatMs: number;
  /** Where the server is; the first port answers HTTP. */
  readonly endpoint: string;
  readonly urls: readonly string[];
  /** A data folder in whose book all chats are open. */
  readonly folder: string;
}

/** What happened to a contender so far. */
export interface ContenderCounts {
  readonly open: number;
  /** Heartbeats that were not answered before the next one was due. */
  readonly missed: number;
  readonly heard: number;
}

/** A client that holds chats, to be measured. It is not asked to be tidy: its process is ended. */
export interface Contender {
  /** Resolves when every chat is connected and subscribed. */
  open(say: (line: string) => void): Promise<void>;
  counts(): ContenderCounts;
}

const contenders = {
  holder: async (terms: Terms) => (await import("./sockets-holder.ts")).holderContender(terms),
  "holder alone": async (terms: Terms) => (await import("./sockets-holder.ts")).holderAlone(terms),
  "bare ws": async (terms: Terms) => (await import("./sockets-bare.ts")).bareContender(terms),
  chatjs: async (terms: Terms) => (await import("./sockets-chatjs.ts")).chatjsContender(terms),
} as const;

/** The clients there are; `holder alone` is the holder without the AWS client's requests and what they leave behind. */
export type ContenderName = keyof typeof contenders;

let contender: Contender | undefined;

const theContender = () => {
  if (contender === undefined) throw new Error("nothing was begun");
  return contender;
};

/** What the process keeps when everything nobody needs is gone. */
async function resident() {
  for (let round = 0; round < 3; round++) {
    gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
    await sleep(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const asked = {
  /** Everything is loaded and nothing is connected. */
  async begin(name: ContenderName, terms: Terms) {
    contender = await contenders[name](terms);
    return await resident();
  },
  async open() {
    const before = { at: performance.now(), cpu: cpuMs() };
    await theContender().open(sayAbove);
    return { ms: performance.now() - before.at, cpuMs: cpuMs() - before.cpu };
  },
  /** What the process has now, with all that the collector has not got round to. */
  asItStands: () => process.memoryUsage(),
  resident,
  counts: () => theContender().counts(),
  /** Lets time pass; the share of one core that it took. */
  async idle(ms: number) {
    const before = { at: performance.now(), cpu: cpuMs() };
    await sleep(ms);
    return (cpuMs() - before.cpu) / (performance.now() - before.at);
  },
  /** Waits until so many messages were heard, or no more come. */
  async hear(count: number) {
    const { counts } = theContender();
    const before = cpuMs();
    for (let quietMs = 0, last = 0; counts().heard < count && quietMs < 10_000; quietMs += 5) {
      await sleep(5);
      if (counts().heard !== last) quietMs = 0;
      last = counts().heard;
    }
    return { heard: counts().heard, at: Date.now(), cpuMs: cpuMs() - before };
  },
} as const;

/** What a contender in a process of its own can be asked. */
export type ContenderProcess = typeof asked;

answering(asked);
