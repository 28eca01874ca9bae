interface Held<Who> {
  readonly who: Who;
  /** In use: whoever has offered it may let go. */
  ready: boolean;
}

/**
 * Who holds which name. Whoever goes away, or says nothing for `leaseMs`, holds nothing any more; what somebody
 * offers, because they will go, is theirs until another one takes it.
 *
 * A process is gone the moment its socket is: the system closes it, however the process dies.
 */
export function holders<Who>(leaseMs: number, now: () => number = Date.now) {
  const held = new Map<string, Held<Who>>();
  const heard = new Map<Who, { at: number; departures: number }>();
  const offering = new Set<Who>();
  let departures = 0;

  const lives = (who: Who) => (heard.get(who)?.at ?? Number.NEGATIVE_INFINITY) + leaseMs > now();

  function leave(who: Who): void {
    const names = [...held].filter(([, holding]) => holding.who === who).map(([name]) => name);
    for (const name of names) held.delete(name);
    heard.delete(who);
    offering.delete(who);
    if (names.length > 0) departures++;
  }

  return {
    leave,
    /** Says that somebody lives; true when another one has gone or will go, or this one is new, since it last did. */
    beat(who: Who): boolean {
      for (const other of [...heard.keys()]) if (!lives(other) && other !== who) leave(other);
      const before = heard.get(who);
      const silent = before !== undefined && !lives(who);
      if (silent) leave(who);
      const changed = before === undefined || silent || before.departures !== departures;
      heard.set(who, { at: now(), departures });
      return changed;
    },
    /** Takes a name that is free or offered, or has it already. */
    hold(name: string, who: Who): boolean {
      if (!lives(who)) return false;
      const before = held.get(name);
      if (before?.who === who) return true;
      if (offering.has(who)) return false;
      if (before && lives(before.who) && !offering.has(before.who)) return false;
      held.set(name, { who, ready: false });
      return true;
    },
    /** Says that what is held is in use. */
    ready(name: string, who: Who): void {
      const holding = held.get(name);
      if (holding?.who === who) holding.ready = true;
    },
    /** Offers all that somebody holds to the others; false when there is nobody. */
    offer(who: Who): boolean {
      offering.add(who);
      departures++;
      return [...heard.keys()].some((other) => lives(other) && !offering.has(other));
    },
    /** Which of these somebody else has, and has in use. */
    taken: (names: readonly string[], who: Who): readonly string[] =>
      names.filter((name) => {
        const holding = held.get(name);
        return holding?.ready && holding.who !== who;
      }),
    letGo(name: string, who: Who): void {
      if (held.get(name)?.who === who) held.delete(name);
    },
  };
}
