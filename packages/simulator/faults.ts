import type { Journal } from "./journal/journal.ts";
import { table } from "./journal/table.ts";

/** A refusal, or a broken connection, that the next calls of one operation meet. */
export interface Failure {
  readonly operation: string;
  readonly error: string;
  readonly times: number;
}

/** The troubles that are on now. */
export interface FaultSettings {
  readonly throttle?: {
    readonly operation?: string | undefined;
    readonly times?: number | undefined;
  };
  readonly delayMs?: number;
  readonly duplicate?: boolean;
  readonly reorder?: boolean;
  /** ConnectionTokens handed out before this moment are refused. */
  readonly tokensIssuedAfter?: number;
  readonly fail?: Failure;
}

/** What goes wrong on purpose. Whoever serves a request asks here first. */
export interface Faults {
  readonly now: FaultSettings;
  set(settings: FaultSettings): void;
  clear(): void;
  /** Whether this call is to be throttled; counts it when the fault was for so many times. */
  throttles(operation: string): boolean;
  /** The error this call is to meet, counted. */
  failure(operation: string): string | undefined;
}

/** The faults, remembered across a crash like everything else. */
export function faults(journal: Journal): Faults {
  const kept = table<FaultSettings>(journal, "faults");
  let now: FaultSettings = kept.get("now") ?? {};
  const keep = (settings: FaultSettings) => {
    now = settings;
    kept.put("now", now);
  };
  return {
    get now() {
      return now;
    },
    set: keep,
    clear: () => keep({}),
    throttles(operation) {
      const fault = now.throttle;
      if (!fault || (fault.operation && fault.operation !== operation)) return false;
      if (fault.times === undefined) return true;
      if (fault.times <= 0) return false;
      keep({ ...now, throttle: { ...fault, times: fault.times - 1 } });
      return true;
    },
    failure(operation) {
      const fault = now.fail;
      if (fault?.operation !== operation || fault.times <= 0) return undefined;
      keep({ ...now, fail: { ...fault, times: fault.times - 1 } });
      return fault.error;
    },
  };
}
