import type { ContenderName } from "./sockets-contender.ts";

/** What one contender came to. */
export interface Measured {
  readonly chats: number;
  /** Connected at the end of the idle time. */
  readonly open: number;
  readonly connectSeconds: number;
  readonly connectCpuMs: number;
  /** Resident memory a chat after the idle time, before anything was collected on purpose. */
  readonly kibAsItStands: number;
  /** The same when all that can be given back is; and of it, what is in the JavaScript heap. */
  readonly kib: number;
  readonly heapKib: number;
  readonly kibAfterBurst: number;
  /** Heartbeats that reached the server, and those not answered in time. */
  readonly beats: number;
  readonly missed: number;
  readonly idlePercent: number;
  readonly heard: number;
  readonly hearMs: number;
  readonly hearCpuMicros: number;
}

/** Everybody's figures side by side, and how we compare. */
export function figuresOf(all: Readonly<Record<ContenderName, Measured>>): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, it] of Object.entries(all)) {
    const put = (figure: string, value: number) => {
      figures[`${name}: ${figure}`] = value;
    };
    put("chats asked for", it.chats);
    put("chats connected", it.open);
    put("seconds to connect all", it.connectSeconds);
    put("CPU ms to connect one", it.connectCpuMs);
    put("KiB a chat, as it stands", it.kibAsItStands);
    put("KiB a chat, collected", it.kib);
    put("KiB a chat, in the JavaScript heap", it.heapKib);
    put("KiB a chat, collected after the burst", it.kibAfterBurst);
    put("heartbeats sent", it.beats);
    put("heartbeats answered in time", it.beats - it.missed);
    put("% of a core, idle with heartbeats", it.idlePercent);
    put("% of a core, for 10,000 chats", (it.idlePercent * 10_000) / it.chats);
    put("messages heard after the burst", it.heard);
    put("ms until all messages were heard", it.hearMs);
    put("CPU microseconds a message", it.hearCpuMicros);
  }
  const { holder, "holder alone": alone, "bare ws": bare, chatjs } = all;
  const ratios = {
    "holder / bare ws": [holder, bare],
    "holder alone / bare ws": [alone, bare],
    "holder / chatjs": [holder, chatjs],
  } as const;
  for (const [pair, [ours, theirs]] of Object.entries(ratios)) {
    figures[`${pair}: chats a GiB, as it stands`] = theirs.kibAsItStands / ours.kibAsItStands;
    figures[`${pair}: chats a GiB, collected`] = theirs.kib / ours.kib;
  }
  return figures;
}
