import type { Delivery } from "@holdline/runtime";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** What a running pipeline counts, as Prometheus reads it. No label holds a number, a text or a key. */
export interface Metrics {
  observe(delivery: Delivery): void;
  /** Adds a gauge that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void;
  /** Adds a gauge with a value for each set of labels. One that cannot be read just now is left out. */
  gauges(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Promise<readonly Labelled[]>,
  ): void;
  text(): Promise<string>;
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function metrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const deliveries = new Counter({
    name: "holdline_deliveries_total",
    help: "Events delivered to a stage, by what came of it",
    labelNames: ["stage", "outcome"] as const,
    registers,
  });
  const deadLetters = new Counter({
    name: "holdline_dead_letters_total",
    help: "Events given up on, by stage and code; see docs/operating.md",
    labelNames: ["stage", "code"] as const,
    registers,
  });
  const gaps = new Counter({
    name: "holdline_gaps_total",
    help: "Events that were waited for in vain",
    labelNames: ["stage"] as const,
    registers,
  });
  const late = new Counter({
    name: "holdline_late_total",
    help: "Events that came after they had been given up on",
    labelNames: ["stage"] as const,
    registers,
  });
  return {
    observe({ stage, outcome, code = "", gap, late: wasLate }) {
      deliveries.inc({ stage, outcome });
      if (outcome === "dead-lettered") deadLetters.inc({ stage, code });
      if (gap) gaps.inc({ stage }, gap);
      if (wasLate) late.inc({ stage });
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    gauges(name, help, labelNames, read) {
      new Gauge({
        ...{ name, help, registers, labelNames: [...labelNames] },
        async collect() {
          this.reset();
          for (const { labels, value } of await read().catch(() => [])) this.set(labels, value);
        },
      });
    },
    text: () => register.metrics(),
  };
}
