import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { emulator } from "../support/emulator.ts";
import { type Holder, holders } from "../support/holders.ts";

const aws = emulator();
type World = Awaited<ReturnType<typeof holders>>;

/** How many chats are talked in: an emulator is no DynamoDB, and a queue of lines would hide the holders. */
const lively = 3;

/** Agents who say a numbered line in some chats, again and again, until told to stop. */
function chatter(world: World, all: readonly string[]) {
  const told = new AbortController();
  const chats = all.slice(0, lively);
  const lines = new Map(chats.map((id) => [id, [] as string[]]));
  const saidAt = new Map<string, number>();
  const talking = (async () => {
    for (let nth = 0; !told.signal.aborted; nth++) {
      for (const [n, id] of chats.entries()) {
        const line = `line ${nth} of chat ${n}`;
        saidAt.set(line, Date.now());
        if (told.signal.aborted) return;
        await world.say(id, line);
        lines.get(id)?.push(line);
      }
      await sleep(1_000);
    }
  })();
  talking.catch(() => {});
  onTestFinished(() => told.abort());
  return {
    saidAt,
    async stop() {
      told.abort();
      await talking;
      // What was said last comes last.
      for (const [id, said] of lines)
        await world.until(`all of ${id}`, async () =>
          world.said(id).length >= said.length ? true : undefined,
        );
      // A line too many would come a moment later.
      await sleep(2_000);
      return lines;
    },
  };
}

/** The fewest sockets any chat had, from now on. */
function leastSockets(world: World, chats: readonly string[]) {
  let least = Number.POSITIVE_INFINITY;
  const stop = new AbortController();
  const looking = (async () => {
    while (!stop.signal.aborted) {
      const all = await world.contacts();
      const open = chats.map(
        (id) => all.find(({ contactId }) => contactId === id)?.openSockets ?? 0,
      );
      least = Math.min(least, ...open);
      await sleep(10);
    }
  })();
  looking.catch(() => {});
  onTestFinished(() => stop.abort());
  return async () => {
    stop.abort();
    await looking;
    return least;
  };
}

/** Every line of every chat once and in order; prints how long the slowest took to be heard. */
function expectAll(
  world: World,
  lines: ReadonlyMap<string, readonly string[]>,
  saidAt: ReadonlyMap<string, number>,
  what: string,
) {
  for (const [id, said] of lines) expect(world.said(id)).toEqual(said);
  const took = [...saidAt].map(([line, at]) => (world.heardAt(line) ?? Number.NaN) - at);
  const sorted = took.filter((ms) => !Number.isNaN(ms)).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`${what}: ${sorted.length} lines, median ${median} ms, slowest ${sorted.at(-1)} ms`);
}

async function talkingWorld(count: number) {
  const world = await holders(aws.the);
  const chats = await world.chats(count);
  const first = await world.holder();
  await world.held(count);
  await world.agents(count);
  return { world, chats, first };
}

/** Eleven at once, which nobody paced, would be throttled twice; once may be what a busy machine bunched. */
const paced = async (...all: readonly Holder[]) => {
  for (const one of all) expect((await one.sockets()).throttled).toBeLessThan(2);
};

describe("holders that share chats", () => {
  it("hand over all of them before one goes: no chat is without a socket for a moment", async () => {
    const { world, chats, first } = await talkingWorld(11);
    const talk = chatter(world, chats);
    const second = await world.holder();
    await sleep(1_000);
    const least = leastSockets(world, chats);
    await first.stop("SIGTERM");
    expect(await least()).toBeGreaterThan(0);
    expect((await second.sockets()).open).toBe(11);
    expectAll(world, await talk.stop(), talk.saidAt, "handed over");
    await paced(second);
  }, 300_000);

  it("take over from one that was killed, and nothing is lost or doubled", async () => {
    const { world, chats, first } = await talkingWorld(11);
    const second = await world.holder();
    const talk = chatter(world, chats);
    await sleep(1_000);
    const killedAt = Date.now();
    await first.stop("SIGKILL");
    await world.until("all sockets", async () =>
      (await second.sockets()).open === 11 ? true : undefined,
    );
    console.log(`killed: all 11 held again after ${Date.now() - killedAt} ms`);
    expectAll(world, await talk.stop(), talk.saidAt, "killed");
    await paced(second);
  }, 300_000);

  it("are replaced one by one by others, as a deployment does, while everybody talks", async () => {
    const { world, chats, first } = await talkingWorld(4);
    const second = await world.holder();
    const talk = chatter(world, chats);
    const least = leastSockets(world, chats);
    const third = await world.holder();
    await first.stop("SIGTERM");
    const fourth = await world.holder();
    await second.stop("SIGTERM");
    expect(await least()).toBeGreaterThan(0);
    const held = [await third.sockets(), await fourth.sockets()];
    expect(held.reduce((sum, { open }) => sum + open, 0)).toBe(4);
    expectAll(world, await talk.stop(), talk.saidAt, "replaced");
    await paced(third, fourth);
  }, 300_000);

  it("come back from the dead to find their chats taken, and publish nothing twice", async () => {
    const { world, chats, first } = await talkingWorld(4);
    const second = await world.holder();
    const talk = chatter(world, chats);
    await sleep(1_000);
    first.child.kill("SIGSTOP");
    await world.until("all sockets", async () =>
      (await second.sockets()).open === 4 ? true : undefined,
    );
    first.child.kill("SIGCONT");
    await world.until("the first to let go", async () =>
      (await first.sockets()).wanted === 0 ? true : undefined,
    );
    expectAll(world, await talk.stop(), talk.saidAt, "a zombie");
    expect((await second.sockets()).wanted).toBe(4);
  }, 300_000);
});
