/** Measures laps of work on so many events together: time, and what this process spent on it. */
export interface Stopwatch {
  start(): void;
  stop(): void;
  pace(): { readonly perSecond: number; readonly cpuMicros: number };
}

export function stopwatch(events: number): Stopwatch {
  let [from, ms, micros] = [0, 0, 0];
  let before = process.cpuUsage();
  return {
    start() {
      before = process.cpuUsage();
      from = performance.now();
    },
    stop() {
      ms += performance.now() - from;
      const { user, system } = process.cpuUsage(before);
      micros += user + system;
    },
    pace: () => ({ perSecond: (events * 1_000) / ms, cpuMicros: micros / events }),
  };
}
