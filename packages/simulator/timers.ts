/** A callback that has been asked for and can be called off. */
export interface Timer {
  cancel(): void;
}

/** All of the simulator's waiting: one heap and one system timer, however many chats wait. */
export interface Timers {
  /** Runs once after that many milliseconds of real time. */
  after(ms: number, run: () => void): Timer;
  /** Runs once at that epoch millisecond, or at once when it has passed. */
  at(epochMs: number, run: () => void): Timer;
  stop(): void;
}

type Entry = { dueMs: number; run: (() => void) | undefined };

// setTimeout counts in a signed 32-bit integer; longer waits are waited for in pieces.
const LONGEST_MS = 2_000_000_000;

/** A heap of callbacks behind one system timer. */
export function timers(): Timers {
  let heap: Entry[] = [];
  let dead = 0;
  let armed: NodeJS.Timeout | undefined;
  let armedForMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  const arm = () => {
    const first = heap[0];
    if (!first || stopped || first.dueMs >= armedForMs) return;
    clearTimeout(armed);
    armedForMs = first.dueMs;
    armed = setTimeout(fire, Math.min(Math.max(first.dueMs - Date.now(), 0), LONGEST_MS));
  };
  const fire = () => {
    armedForMs = Number.POSITIVE_INFINITY;
    const nowMs = Date.now();
    while (heap[0] && heap[0].dueMs <= nowMs) {
      const { run } = pop(heap);
      if (run) run();
      else dead--;
    }
    arm();
  };
  const at = (dueMs: number, run: () => void): Timer => {
    const entry: Entry = { dueMs, run };
    push(heap, entry);
    arm();
    return {
      cancel() {
        if (!entry.run) return;
        entry.run = undefined;
        // A chat that ended leaves a 25-hour timer behind; half a heap of those is rebuilt without them.
        if (++dead > 1_000 && dead > heap.length / 2) {
          const alive = heap.filter((each) => each.run);
          heap = [];
          for (const each of alive) push(heap, each);
          dead = 0;
        }
      },
    };
  };
  return {
    at,
    after: (ms, run) => at(Date.now() + ms, run),
    stop() {
      stopped = true;
      clearTimeout(armed);
      heap = [];
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex] as Entry;
    if (parent.dueMs <= entry.dueMs) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): Entry {
  const top = heap[0] as Entry;
  const last = heap.pop() as Entry;
  if (heap.length === 0) return top;
  let index = 0;
  for (;;) {
    let childIndex = 2 * index + 1;
    if (childIndex >= heap.length) break;
    const right = heap[childIndex + 1];
    if (right && right.dueMs < (heap[childIndex] as Entry).dueMs) childIndex++;
    const child = heap[childIndex] as Entry;
    if (last.dueMs <= child.dueMs) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
  return top;
}
