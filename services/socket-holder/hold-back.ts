/** Who waits for the hold-back to be over, in order. */
export interface HoldBack<Member> {
  add(member: Member, arrivedMs: number): void;
  stop(): void;
}

/**
 * One timer for all items held back: everyone waits equally long, so whoever came first is done first.
 *
 * `over` is told up to which arrival items may go.
 */
export function holdBack<Member>(
  holdBackMs: number,
  over: (member: Member, arrivedBeforeMs: number) => void,
): HoldBack<Member> {
  let queue: { readonly member: Member; readonly arrivedMs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function wait() {
    const [first] = queue;
    if (first === undefined || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        const arrivedBeforeMs = performance.now() - holdBackMs;
        const end = queue.findIndex((entry) => entry.arrivedMs > arrivedBeforeMs);
        const done = end < 0 ? queue : queue.slice(0, end);
        queue = end < 0 ? [] : queue.slice(end);
        for (const { member } of done) over(member, arrivedBeforeMs);
        wait();
      },
      Math.max(Math.ceil(first.arrivedMs + holdBackMs - performance.now()), 0),
    );
  }

  return {
    add(member, arrivedMs) {
      queue.push({ member, arrivedMs });
      wait();
    },
    stop: () => clearTimeout(timer),
  };
}
