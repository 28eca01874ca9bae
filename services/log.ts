import { pino } from "pino";

/** One line per fact, an object first. Never a customer's text or number, never a secret. */
export interface Log {
  debug(facts: object, words: string): void;
  info(facts: object, words: string): void;
  warn(facts: object, words: string): void;
  error(facts: object, words: string): void;
}

/** The log on standard error, as JSON lines. */
export const standardLog = (level: string): Log => pino({ level, base: null }, pino.destination(2));
