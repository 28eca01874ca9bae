/** One message in hand: the line it keeps its order in, and what orders it there. */
export interface InLine {
  readonly id: string;
  readonly line: string;
  /** Epoch ms; ties are broken by `sentAt`, then by arrival. */
  readonly at: number;
  readonly sentAt: number;
}

/** What came of handing a message on: it is done, or it comes back in so many milliseconds. */
export type Handed = { readonly done: true } | { readonly backInMs: number };

/** Lines of messages, each handed on one at a time and oldest first; lines do not wait for each other. */
export interface Lines<M extends InLine> {
  add(message: M): void;
  /** Lets go what was only gathered so far. */
  release(): void;
  /**
   * Nothing is handed on any more. Answers what never was, once all that was has been settled; asked
   * again, also what was added since.
   */
  stop(): Promise<readonly M[]>;
}

interface Line<M> {
  waiting: { message: M; readyAt: number }[];
  busy: boolean;
  /** One that was handed back is on its way; nobody passes it before this time (epoch ms). */
  awaited: { id: string; until: number } | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** How much longer than promised one that was handed back may take before the line goes on without it. */
const graceMs = 5_000;

const inOrder = (a: InLine, b: InLine) => a.at - b.at || a.sentAt - b.sentAt;

/**
 * Puts messages of a queue without order into order, line by line.
 *
 * Each message waits `holdBackMs` for one that is older and arrives later. While `gathering`, nothing is
 * handed on, so that what an earlier process had in hand when it died can reappear first. One that is
 * handed back keeps its place: those behind it wait until it is here again.
 */
export function lines<M extends InLine>(options: {
  readonly holdBackMs: number;
  readonly gathering?: boolean;
  readonly hand: (message: M) => Promise<Handed>;
}): Lines<M> {
  const open = new Map<string, Line<M>>();
  const atWork = new Set<Promise<void>>();
  let stopped = false;
  let gathering = options.gathering ?? false;

  function add(message: M) {
    const line = open.get(message.line) ?? {
      waiting: [],
      busy: false,
      awaited: undefined,
      timer: undefined,
    };
    open.set(message.line, line);
    const back = line.awaited?.id === message.id;
    if (back) line.awaited = undefined;
    const readyAt = Date.now() + (back ? 0 : options.holdBackMs);
    // From the end: messages mostly come in order, and a later one of the same time goes behind.
    let index = line.waiting.length;
    while (index > 0 && inOrder((line.waiting[index - 1] as { message: M }).message, message) > 0)
      index -= 1;
    line.waiting.splice(index, 0, { message, readyAt });
    wake(message.line, line);
  }

  function wake(name: string, line: Line<M>) {
    clearTimeout(line.timer);
    if (stopped || gathering || line.busy) return;
    const head = line.waiting[0];
    const until = Math.max(head?.readyAt ?? 0, line.awaited?.until ?? 0);
    const waitMs = until - Date.now();
    if (waitMs > 0) {
      line.timer = setTimeout(wake, waitMs, name, line);
      return;
    }
    line.awaited = undefined;
    if (!head) {
      open.delete(name);
      return;
    }
    line.waiting.shift();
    line.busy = true;
    const work = options.hand(head.message).then((handed) => {
      atWork.delete(work);
      line.busy = false;
      if ("backInMs" in handed)
        line.awaited = {
          id: head.message.id,
          until: Date.now() + handed.backInMs + graceMs,
        };
      wake(name, line);
    });
    atWork.add(work);
  }

  function release() {
    gathering = false;
    for (const [name, line] of open) wake(name, line);
  }

  async function stop() {
    stopped = true;
    for (const line of open.values()) clearTimeout(line.timer);
    while (atWork.size > 0) await Promise.all(atWork);
    return [...open.values()].flatMap(({ waiting }) => waiting.map(({ message }) => message));
  }

  return { add, release, stop };
}
