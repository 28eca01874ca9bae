/** Measures a stretch of work on so many events: time, and what this process spent on it. */
export interface Stopwatch {
  start(): void;
  stop(): void;
  pace(): { readonly perSecond: number; readonly cpuMicros: number };
}

export function stopwatch(events: number): Stopwatch {
  let [from, to] = [0, 0];
  let cpu = process.cpuUsage();
  return {
    start() {
      from = performance.now();
      cpu = process.cpuUsage();
    },
    stop() {
      to = performance.now();
      cpu = process.cpuUsage(cpu);
    },
    pace: () => ({
      perSecond: (events * 1_000) / (to - from),
      cpuMicros: (cpu.user + cpu.system) / events,
    }),
  };
}
