import { type Event, EventDeadLettered } from "@holdline/events";
import { expect } from "vitest";
import { type live, TextArrived, TextNoticed, TextRead, TextSent } from "./bad-day.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What was published, each place once: fails when a place was given to two different things. */
export function places(published: readonly Event[]): Event[] {
  const all = new Map<string, Event>();
  for (const said of published) {
    const place = `${said.position.stream} ${said.position.seq}`;
    expect(all.get(place) ?? said, `what stands at ${place}`).toEqual(said);
    all.set(place, said);
  }
  const ids = [...all.values()].map(({ id }) => id);
  expect(new Set(ids).size, "an id of its own for each place").toBe(ids.length);
  return [...all.values()];
}

/** One stream's events by number: fails when there is a hole. */
function stream(events: readonly Event[], name: string): Event[] {
  const own = events.filter(({ position }) => position.stream === name);
  own.sort((a, b) => a.position.seq - b.position.seq);
  expect(
    own.map(({ position }) => position.seq),
    `numbers of ${name}`,
  ).toEqual(upTo(own.length));
  return own;
}

/** A process that dies says nothing about the carrier: no text is put aside for it. */
function nothingPutAside(events: readonly Event[]) {
  const letters = events.filter(({ type }) => type === EventDeadLettered.type);
  expect(letters.map((letter) => EventDeadLettered.parse(letter).data.code)).toEqual([]);
}

type Lived = Pick<Awaited<ReturnType<typeof live>>, "published" | "world" | "silent">;

/** The promise: each text acted on once and in order, each decision made once, nothing lost. */
export function expectPromiseKept(
  { published, world, silent }: Lived,
  conversations: readonly number[],
) {
  const events = places(published);
  nothingPutAside(events);
  const noticed = events.filter(({ type }) => type === TextNoticed.type);
  expect(noticed.filter(({ cause }) => cause !== null && silent.has(cause))).toEqual([]);
  for (const [k, count] of conversations.entries()) {
    const told = (name: string) => stream(events, `${name}/c-${k}`);
    const arrived = told("phone/text").map((raw) => TextArrived.parse(raw));
    const read = told("read/text").map((raw) => TextRead.parse(raw));
    const sent = told("send/text").map((raw) => TextSent.parse(raw));
    expect(arrived.map(({ data }) => data.n)).toEqual(upTo(count));
    expect(read.map(({ data }) => data.n)).toEqual(upTo(count));
    expect(read.map(({ cause }) => cause)).toEqual(arrived.map(({ id }) => id));
    expect(sent.map(({ data }) => data.n)).toEqual(read.map(({ data }) => data.n));
    expect(sent.map(({ data }) => data.draw)).toEqual(read.map(({ data }) => data.draw));
    // Its time may have come before the stage was asked at all.
    expect([...told("later.read/reminder"), ...told("read/reminder")]).toHaveLength(1);
    const ours = read.map(({ id }) => `send/${id}/send`);
    const expected = read.map(({ id }) => `send/${id}/send`);
    expect(world.sent.filter((token) => ours.includes(token))).toEqual(expected);
    const looked = arrived.map(({ id }) => `read/${id}/look`);
    expect(looked.filter((token) => !world.looked.includes(token))).toEqual([]);
  }
  const texts = conversations.reduce((sum, count) => sum + count, 0);
  expect(new Set(world.sent).size).toBe(texts);
  expect(new Set(world.looked).size).toBe(texts);
}
