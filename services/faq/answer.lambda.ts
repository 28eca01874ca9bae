import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { faqAnswers } from "./answer.ts";
import { faqOnAws } from "./on-aws.ts";

let made: ReturnType<typeof faqAnswers> | undefined;

/** What Lex invokes for every intent of the bot, V2 and V1. */
export async function handler(event: unknown): Promise<object> {
  if (!made) {
    const { table, log, metrics } = faqOnAws();
    made = faqAnswers(table, log, (outcome) => {
      const unread = outcome === "unavailable" ? 1 : 0;
      metrics.singleMetric().addMetric("FaqTableUnread", MetricUnit.Count, unread);
    });
  }
  return made(event);
}
