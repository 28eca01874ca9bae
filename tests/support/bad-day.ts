import { type Event, event, topicOf } from "@holdline/events";
import {
  deliverTo,
  type Ingress,
  ingress,
  later,
  type Once,
  type PublishCommit,
  publishDue,
  type RetryPolicy,
  relevance,
  type Stage,
  type StateStore,
  stage,
  type Transport,
  topicsOf,
  Unsure,
} from "@holdline/runtime";
import * as z from "zod";
import { type Death, mortal } from "./crashing.ts";

export const TextArrived = event("text.arrived", { n: z.int() });
export const TextRead = event("text.read", { n: z.int(), draw: z.int() });
export const ReminderCame = event("reminder.came", { n: z.int() });
export const TextNoticed = event("text.noticed", { n: z.int() });
export const TextSent = event("text.sent", { n: z.int(), draw: z.int(), token: z.string() });

/** The world outside: it outlives every process, and remembers what was done to it. */
export interface World {
  /** Tokens of texts sent, in order. Nobody takes one back. */
  readonly sent: string[];
  readonly looked: string[];
  /** Differs at each run: a stage that is run twice decides differently. */
  draws: number;
}

type Reach = {
  readonly once: Once;
  readonly world: {
    send(token: string): Promise<void>;
    look(token: string): Promise<void>;
    draw(): number;
  };
};

/** Reads a text: a harmless effect, a decision that is never the same twice, a reminder for later. */
const read = stage({
  name: "read",
  on: [TextArrived],
  emits: [TextRead, ReminderCame],
  state: {
    schema: z.number(),
    version: 1,
    initial: 0,
    evolve: (count: number, { type }) => (type === "text.arrived" ? count + 1 : count),
  },
  async run({ data, time }, { once, world, state }: Reach & { state: number }) {
    if (state !== data.n) throw new Error(`read ${data.n} knowing ${state}`);
    await once("look", (token) => world.look(token), { ifUnsure: "retry" });
    const text = TextRead({ ...data, draw: world.draw() });
    return data.n === 0 ? [text, later(ReminderCame(data), time, 60_000)] : [text];
  },
});

/** Sends what was read: an effect that must not happen twice, with evidence of it in the world. */
const send = (evidence: (token: string) => true | undefined) =>
  stage({
    name: "send",
    on: [TextRead],
    emits: [TextSent],
    async run({ data }, { once, world }: Reach) {
      let token = "";
      await once(
        "send",
        async (given) => {
          await world.send(given);
          return true;
        },
        { ifUnsure: "retry", evidence, waitMs: 1 },
      );
      token = `${data.conversationId}:${data.n}`;
      return [TextSent({ ...data, token })];
    },
  });

/** Says nothing of a text that arrives before another was sent: decided once, whatever it learns later. */
export const watch = stage({
  name: "watch",
  on: [TextArrived, TextSent],
  emits: [TextNoticed],
  state: {
    schema: z.boolean(),
    version: 1,
    initial: false,
    evolve: (awake: boolean, { type }) => awake || type === "text.sent",
  },
  async run({ type, data: { conversationId, n } }, { state }: { state: boolean }) {
    return type === "text.arrived" && state ? [TextNoticed({ conversationId, n })] : [];
  },
});

/** The stages of such a day, for who wants to know what they would say now. */
export const stagesOfTheDay: readonly Stage[] = [
  read,
  send(() => undefined),
  watch,
] as unknown as readonly Stage[];

const policy: RetryPolicy = {
  ...{
    attempts: 1_000,
    maxAgeMs: Number.POSITIVE_INFINITY,
    leaseMs: 60_000,
    requestTimeoutMs: 1_000,
  },
  gapMs: Number.POSITIVE_INFINITY,
  backoffMs: () => 10,
};

/** Where everything durable is, and how to commit there. */
export interface Place {
  readonly store: StateStore;
  readonly publish: Transport["publish"];
  readonly commit: (store: StateStore, publish: Transport["publish"]) => PublishCommit;
  /** What has been published so far, as far as anybody can know. */
  published(): readonly Event[];
}

export interface BadDay {
  /** How many texts each conversation has. */
  readonly conversations: readonly number[];
  /** Numbers in [0, 1): who comes next, who comes twice. */
  readonly chaos: readonly number[];
  /** One for each process, the last one lives for ever. */
  readonly deaths: readonly Death[];
  /** Whether the carrier says of a text that it was sent. Without, a crash in the middle repeats it. */
  readonly evidence: boolean;
  readonly clock: { now: number };
  /** Whether the transport keeps order: a stream's event is brought when the one before it was acked. */
  readonly ordered?: boolean;
  /** Opens the place anew for each process. */
  open(): Promise<Place> | Place;
}

/**
 * Has texts arrive, be read and be sent through processes that die and an unruly transport, until all is
 * settled; returns what was published and what was done to the world.
 */
export async function live({
  conversations,
  chaos,
  deaths,
  evidence,
  clock,
  open,
  ordered = false,
}: BadDay) {
  let c = 0;
  /** Shifted each time round, so that no luck is bad in the same way for ever. */
  const chance = () => {
    const round = Math.floor(c / chaos.length);
    return ((chaos[c++ % chaos.length] ?? 0) + round * 0.618) % 1;
  };
  const world: World = { sent: [], looked: [], draws: 0 };
  const stages = [
    read,
    send((token) => (evidence && world.sent.includes(token)) || undefined),
    watch,
  ];
  /** What the carrier still has in hand: it brings a text until the door has said that it has it. */
  const carrier = conversations.map((count) => Array.from({ length: count }, (_, n) => n));
  /** What each stage has acked: the transport's memory, which outlives a process. */
  const acked = new Map(stages.map(({ name }) => [name, new Set<string>()]));
  /** What `watch` was done with and said nothing of; it stands once it has learned something since. */
  const silent = new Set<string>();
  const lately = new Map<string, string>();
  function witness({ id, type, key }: Event, published: readonly Event[]) {
    const noticed = published.some((said) => said.type === TextNoticed.type && said.cause === id);
    if (!noticed) lately.set(id, key);
    else if (lately.has(id)) silent.add(id);
    for (const [earlier, of] of lately)
      if (!ordered || (type === TextSent.type && of === key)) silent.add(earlier);
  }
  let steps = 0;

  /** One process, from its start to its death or to the moment when nothing is left to do. */
  async function life(death?: Death): Promise<"died" | "done"> {
    const place = await open();
    const self = mortal(death);
    const store = self.wrap(place.store);
    const { publish } = self.wrap({ publish: place.publish });
    const commit = place.commit(store, publish);
    const now = () => new Date(clock.now);
    const reach = self.wrap({
      async send(token: string) {
        world.sent.push(token);
        if (chance() < 0.1) throw new Unsure("the carrier was silent");
      },
      async look(token: string) {
        world.looked.push(token);
      },
    });
    const ports = { world: { send: reach.send, look: reach.look, draw: () => world.draws++ } };
    const door = ingress(store, commit, { now });
    const deliveries = stages.map((hearing: Stage) => ({
      name: hearing.name,
      topics: topicsOf(hearing),
      deliver: deliverTo(hearing, {
        ...{ store, commit, ports, now, policy, ordered, observe: () => {} },
        relevant: relevance(hearing, stages),
      }),
    }));

    /** Everything that could happen next; nothing when there is nothing left that must. */
    const possible = () => {
      const acts: (() => Promise<unknown>)[] = [];
      let must = 0;
      for (const [k, texts] of carrier.entries()) {
        const n = texts[0];
        if (n === undefined) continue;
        must++;
        acts.push(async () => {
          await door.admit("phone", `${k}:${n}`, TextArrived({ conversationId: `c-${k}`, n }));
          if (texts[0] === n) texts.shift();
        });
      }
      for (const { name, topics, deliver } of deliveries) {
        const held = new Set<string>();
        for (const said of place.published()) {
          const id = `${said.position.stream} ${said.position.seq}`;
          if (!topics.includes(topicOf(said.type))) continue;
          // What was acked comes again now and then all the same.
          if (ordered && held.has(said.position.stream)) continue;
          if (!acked.get(name)?.has(id)) {
            must++;
            held.add(said.position.stream);
          } else if (chance() < 0.9) continue;
          acts.push(async () => {
            const verdict = await deliver(said);
            if (self.dead) return;
            if (verdict.verdict === "ack") {
              acked.get(name)?.add(id);
              if (name === watch.name) witness(said, place.published());
            }
            // Long enough for what waits, short enough for no lease to run out of a living hand.
            else clock.now += 5;
          });
        }
      }
      return must > 0 ? acts : [];
    };

    const choose = <T>(from: readonly T[]) => from[Math.floor(chance() * from.length)] as T;
    for (let turns = 0; !self.dead; turns++) {
      if (turns > 5_000) throw new Error("it never settles");
      const acts = possible();
      if (acts.length === 0 && (await remind(store, door, now))) continue;
      if (acts.length === 0 && !self.dead) break;
      const at = choose(acts);
      const twice = chance() < 0.3;
      const together = chance() < 0.3 ? choose(acts) : undefined;
      await Promise.allSettled([at?.(), twice && at?.(), together?.()]);
    }
    steps = self.steps;
    return self.dead ? "died" : "done";
  }

  /** Lets a minute pass and publishes what is due then; whether there was anything. */
  async function remind(store: StateStore, door: Ingress, now: () => Date): Promise<boolean> {
    clock.now += 60_000;
    const stop = new AbortController();
    let any = false;
    const counted: StateStore = Object.assign(Object.create(store), {
      async due(...given: Parameters<StateStore["due"]>) {
        const due = await store.due(...given);
        if (due.length > 0) any = true;
        else stop.abort();
        return due;
      },
    });
    await publishDue(counted, door, { now, everyMs: 1, signal: stop.signal }).catch(() => {
      any = true;
    });
    return any;
  }

  for (const death of [...deaths, undefined]) {
    if ((await life(death)) === "done") break;
    // A transport may have forgotten what was acked. Another process starts after the dead one's
    // leases have run out.
    lately.clear();
    if (chance() < 0.5) for (const [, ids] of acked) ids.clear();
    clock.now += policy.leaseMs + 1;
  }
  const { published } = await open();
  return { world, published: published(), silent, steps };
}
