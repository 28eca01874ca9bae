import type { Deliver } from "./transport.ts";

/** An event on its way to a subscriber, as a transport read it. */
export interface Item {
  /** Its place in what the transport reads; ascending. */
  readonly off: number;
  readonly key: string;
  readonly stream: string;
  readonly raw: unknown;
}

interface Lane {
  readonly items: Item[];
  busy: boolean;
  /** Streams told to wait; the lane's other streams go on. Nothing as long as none was ever told. */
  held?: Map<string, ReturnType<typeof setTimeout>>;
}

/** The first event of a lane that no stream's waiting holds back. */
const nextOf = ({ items, held }: Lane): Item | undefined =>
  held?.size ? items.find(({ stream }) => !held.has(stream)) : items[0];

/**
 * Delivers one subscriber's events: one at a time within a conversation, many conversations at once.
 *
 * An event that must come again holds back its own stream only, so an agent's answer does not wait
 * behind a text that Connect is throttling.
 */
export function lanes(deliver: Deliver, { atOnce }: { atOnce: number }) {
  const all = new Map<string, Lane>();
  const ready: Lane[] = [];
  const unsettled = new Set<number>();
  let running = 0;
  let stopped = false;
  let idle: (() => void) | undefined;
  let drained: { readonly to: number; readonly tell: () => void } | undefined;

  function add(item: Item) {
    unsettled.add(item.off);
    let lane = all.get(item.key);
    if (!lane) {
      lane = { items: [], busy: false };
      all.set(item.key, lane);
    }
    lane.items.push(item);
    offer(lane);
  }

  function offer(lane: Lane) {
    if (lane.busy || stopped || !nextOf(lane)) return;
    lane.busy = true;
    ready.push(lane);
    pump();
  }

  function pump() {
    while (running < atOnce) {
      const lane = ready.shift();
      if (!lane) return;
      const item = nextOf(lane);
      if (!item || stopped) {
        lane.busy = false;
        continue;
      }
      running++;
      deliver(item.raw).then((verdict) => {
        running--;
        lane.busy = false;
        const { key, stream } = item;
        if (verdict.verdict === "ack") {
          lane.items.splice(lane.items.indexOf(item), 1);
          unsettled.delete(item.off);
          if (drained && unsettled.size <= drained.to) drained.tell();
          if (lane.items.length === 0 && !lane.held?.size) all.delete(key);
        } else if (!stopped) {
          lane.held ??= new Map();
          const { held } = lane;
          const release = () => {
            held.delete(stream);
            offer(lane);
          };
          held.set(stream, setTimeout(release, verdict.afterMs));
        }
        offer(lane);
        pump();
        if (running === 0) idle?.();
      });
    }
  }

  return {
    add,
    /** Events in hand that wait for nothing but their turn. */
    get busy() {
      return unsettled.size;
    },
    /** Waits until at most `to` are unsettled, but not for longer than `ms`; answers whether they are. */
    async drainedTo(to: number, ms: number): Promise<boolean> {
      if (unsettled.size > to) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, ms);
          drained = { to, tell: resolve };
        });
        clearTimeout(timer);
        drained = undefined;
      }
      return unsettled.size <= to;
    },
    /** The oldest offset not yet settled; nothing when all are. */
    oldest(): number | undefined {
      // Sets keep insertion order and offsets are added in ascending order.
      return unsettled.values().next().value;
    },
    /** Begins nothing more, and resolves when what is in hand is settled. */
    async stop() {
      stopped = true;
      for (const { held } of all.values())
        for (const timer of held?.values() ?? []) clearTimeout(timer);
      if (running > 0)
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
    },
  };
}
