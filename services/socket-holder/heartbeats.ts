/** Where a member stands on the wheel; -1 when it does not. */
export interface Beating {
  slot: number;
}

/** One timer for the heartbeats of all sockets. */
export interface Heartbeats<Member extends Beating> {
  /** The first beat comes a whole interval from now. */
  add(member: Member): void;
  remove(member: Member): void;
  stop(): void;
}

/**
 * A timing wheel: every member's turn comes once an interval, a few members at each tick.
 *
 * Ten thousand timers cost three times the processor time of this one, and all at once. `late` tells
 * that the process itself was kept from reading answers (a stall, a laptop that slept): nobody may be
 * blamed for silence then.
 */
export function heartbeats<Member extends Beating>(
  everyMs: number,
  beat: (member: Member, late: boolean) => void,
): Heartbeats<Member> {
  const count = Math.max(1, Math.min(100, Math.floor(everyMs / 10)));
  const tickMs = everyMs / count;
  const slots: Set<Member>[] = Array.from({ length: count }, () => new Set());
  let now = 0;
  let lastTick = performance.now();
  let lateUntil = 0;

  const timer = setInterval(() => {
    const time = performance.now();
    // Timers run before sockets are read: after a stall the answers are here, but unread.
    if (time - lastTick > tickMs + everyMs / 2) lateUntil = time + everyMs;
    lastTick = time;
    now = (now + 1) % count;
    for (const member of slots[now] ?? []) beat(member, time < lateUntil);
  }, tickMs);

  const remove = (member: Member) => {
    slots[member.slot]?.delete(member);
    member.slot = -1;
  };
  return {
    add(member) {
      remove(member);
      member.slot = now;
      slots[now]?.add(member);
    },
    remove,
    stop: () => clearInterval(timer),
  };
}
