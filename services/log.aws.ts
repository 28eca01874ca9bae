import type { Logger } from "@aws-lambda-powertools/logger";
import type { Log } from "./log.ts";

/** Powertools' logger in our own words' order: an object first. */
export const powertoolsLog = (logger: Logger): Log => ({
  debug: (facts, words) => logger.debug(words, { ...facts }),
  info: (facts, words) => logger.info(words, { ...facts }),
  warn: (facts, words) => logger.warn(words, { ...facts }),
  error: (facts, words) => logger.error(words, { ...facts }),
});
