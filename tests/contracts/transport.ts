import type { Event } from "@holdline/events";
import type { Transport, Verdict } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { arriving } from "../support/make.ts";

/** A transport under test. `reader`, `left` and `right` are to be subscribed to the topic `message`. */
export interface OpenedTransport {
  readonly transport: Transport;
  /** Stops the process and starts another one over the same place; nothing where there is no such place. */
  readonly reopen?: () => Promise<Transport>;
}

const ack: Verdict = { verdict: "ack" };
const again = (afterMs: number): Verdict => ({ verdict: "retry", afterMs });

const said = (key: string, seq: number, { type = "message.received", from = "ingest" } = {}) =>
  arriving(
    {
      type,
      version: 1,
      key,
      data: { conversationId: key, text: `${key} ✓ ${seq}`, nested: [null] },
    },
    { position: { stream: `${from}/message/${key}`, seq } },
  );

interface Reading {
  readonly name?: string;
  /** Reads until this many were delivered. */
  readonly enough?: number;
  readonly answer?: (event: Event, nth: number) => Verdict;
}

/** Consumes until there is enough, and returns what was delivered, in order. */
async function read(transport: Transport, given: Reading = {}): Promise<Event[]> {
  const { name = "reader", enough = 1, answer = () => ack } = given;
  const delivered: Event[] = [];
  const stop = new AbortController();
  await transport.consume(
    { name, topics: ["message"] },
    async (raw) => {
      const event = raw as Event;
      delivered.push(event);
      if (delivered.length >= enough) stop.abort();
      return answer(event, delivered.length);
    },
    stop.signal,
  );
  return delivered;
}

const seqs = (events: readonly Event[]) => events.map(({ position }) => position.seq);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What every transport owes the runtime. A transport is one of ours when this passes. */
export function transportContract(open: () => Promise<OpenedTransport> | OpenedTransport) {
  describe("delivery", () => {
    it("hands over what was published, unchanged", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0)]);
      expect(await read(transport)).toEqual([said("a", 0)]);
    });

    it("hands over what is published while it is consuming", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0)]);
      const [delivered] = await Promise.all([
        read(transport, {
          enough: 2,
          answer: ({ position }) => {
            if (position.seq === 0) void transport.publish([said("a", 1)]);
            return ack;
          },
        }),
      ]);
      expect(seqs(delivered)).toEqual([0, 1]);
    });

    it("hands over only the topics asked for", async () => {
      const { transport } = await open();
      const other = said("a", 0, { type: "messages.counted" });
      await transport.publish([other, said("b", 0, { type: "relay.sent" }), said("c", 0)]);
      expect((await read(transport)).map(({ key }) => key)).toEqual(["c"]);
    });

    it("hands everything to every subscriber", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0), said("b", 0)]);
      const [left, right] = await Promise.all([
        read(transport, { name: "left", enough: 2 }),
        read(transport, { name: "right", enough: 2 }),
      ]);
      expect(left.map(({ key }) => key).sort()).toEqual(["a", "b"]);
      expect(right.map(({ key }) => key).sort()).toEqual(["a", "b"]);
    });

    it("spares a subscriber nothing that is of use to it", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0), said("b", 0), said("a", 1), said("a", 2)]);
      const useful = new Set<number>();
      const stop = new AbortController();
      const wants = ({ key, position }: Event) => key === "a" && position.seq !== 1;
      await transport.consume(
        { name: "reader", topics: ["message"], wants },
        async (raw) => {
          const event = raw as Event;
          if (wants(event)) useful.add(event.position.seq);
          if (useful.size === 2) stop.abort();
          return ack;
        },
        stop.signal,
      );
      expect([...useful].sort()).toEqual([0, 2]);
    });

    it("publishes nothing when given nothing", async () => {
      const { transport } = await open();
      await transport.publish([]);
      await transport.publish([said("a", 0)]);
      expect(await read(transport)).toHaveLength(1);
    });

    it("rejects when one of the events is not safe, and takes them all the next time", async () => {
      const { transport } = await open();
      const unspeakable = { ...said("a", 1), data: 1n };
      await expect(transport.publish([said("a", 0), unspeakable])).rejects.toThrow();
      await transport.publish([said("a", 0), said("a", 1)]);
      const seen = new Set<number>();
      const stop = new AbortController();
      await transport.consume(
        { name: "reader", topics: ["message"] },
        async (raw) => {
          seen.add((raw as Event).position.seq);
          if (seen.size === 2) stop.abort();
          return ack;
        },
        stop.signal,
      );
      expect([...seen].sort()).toEqual([0, 1]);
    });
  });

  describe("verdict", () => {
    it("brings again what it was told to, until it is acked", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0)]);
      const answer = (_: Event, nth: number) => (nth < 3 ? again(1) : ack);
      expect(seqs(await read(transport, { enough: 3, answer }))).toEqual([0, 0, 0]);
    });

    it("goes on with other conversations meanwhile", async () => {
      const { transport } = await open();
      await transport.publish([said("stuck", 0), said("fine", 0), said("fine", 1)]);
      const answer = ({ key }: Event) => (key === "stuck" ? again(60_000) : ack);
      const delivered = await read(transport, { enough: 3, answer });
      expect(delivered.map(({ key }) => key).sort()).toEqual(["fine", "fine", "stuck"]);
    });

    it("goes on with other streams of the same conversation meanwhile", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0), said("a", 0, { from: "connect" })]);
      const stuck = said("a", 0).position.stream;
      const answer = ({ position }: Event) => (position.stream === stuck ? again(60_000) : ack);
      const delivered = await read(transport, { enough: 2, answer });
      expect(delivered.map(({ position }) => position.stream).sort()).toEqual([
        "connect/message/a",
        "ingest/message/a",
      ]);
    });

    it("works on several conversations at once", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0), said("b", 0)]);
      const met = Promise.withResolvers<void>();
      const stop = new AbortController();
      let inHand = 0;
      await transport.consume(
        { name: "reader", topics: ["message"] },
        async () => {
          if (++inHand === 2) met.resolve();
          await met.promise;
          stop.abort();
          return ack;
        },
        stop.signal,
      );
      expect(inHand).toBe(2);
    });

    it("settles what is in hand before it stops", async () => {
      const { transport } = await open();
      await transport.publish([said("a", 0)]);
      const stop = new AbortController();
      let settled = false;
      await transport.consume(
        { name: "reader", topics: ["message"] },
        async () => {
          stop.abort();
          await new Promise((resolve) => setImmediate(resolve));
          settled = true;
          return ack;
        },
        stop.signal,
      );
      expect(settled).toBe(true);
    });
  });

  describe("order", () => {
    it("keeps a conversation in order, or says that it does not", async ({ skip }) => {
      const { transport } = await open();
      if (!transport.traits.ordered)
        skip("this transport does not promise order; the runtime makes up for it");
      const both = upTo(25).flatMap((n) => [said("odd", n), said("even", n)]);
      await transport.publish(both.slice(0, 30));
      await transport.publish(both.slice(30));
      const delivered = await read(transport, { enough: 50 });
      expect(seqs(delivered.filter(({ key }) => key === "odd"))).toEqual(upTo(25));
      expect(seqs(delivered.filter(({ key }) => key === "even"))).toEqual(upTo(25));
    });

    it("lets nothing of a stream overtake what must come again, or says that it may", async ({
      skip,
    }) => {
      const { transport } = await open();
      if (!transport.traits.ordered)
        skip("this transport does not promise order; the runtime makes up for it");
      await transport.publish(upTo(3).map((n) => said("a", n)));
      const answer = (_: Event, nth: number) => (nth < 3 ? again(1) : ack);
      expect(seqs(await read(transport, { enough: 5, answer }))).toEqual([0, 0, 0, 1, 2]);
    });

    it("starts a new subscriber at the beginning, or says that it does not", async ({ skip }) => {
      const { transport } = await open();
      if (!transport.traits.retains) skip("this transport keeps nothing for those who come later");
      await transport.publish([said("a", 0)]);
      await read(transport, { name: "left" });
      expect(seqs(await read(transport, { name: "born-later" }))).toEqual([0]);
    });
  });

  describe("another process", () => {
    const noPlace = "this transport has no place of its own that outlives the process in a test";

    it("finds everything that was published and not acked", async ({ skip }) => {
      const { transport, reopen } = await open();
      if (!reopen) return skip(noPlace);
      await transport.publish(upTo(10).map((n) => said("a", n)));
      await read(transport, { enough: 4, answer: (_, nth) => (nth < 4 ? ack : again(60_000)) });
      const left = await read(await reopen(), { enough: 7 });
      expect(seqs(left)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    });

    it("is not brought for ever what was acked", async ({ skip }) => {
      const { transport, reopen } = await open();
      if (!reopen) return skip(noPlace);
      await transport.publish(upTo(5).map((n) => said("a", n)));
      await read(transport, { enough: 5 });
      const next = await reopen();
      await next.publish([said("a", 5)]);
      expect(seqs(await read(next))).toEqual([5]);
    });
  });
}
