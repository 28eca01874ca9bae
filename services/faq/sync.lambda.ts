import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { loadSettings } from "../settings/index.ts";
import { faqOnAws } from "./on-aws.ts";
import { pageReading } from "./read-pages.ts";
import { type PagesSynced, syncPages } from "./sync-pages.ts";

let made: ReturnType<typeof faqOnAws> | undefined;

/** Reads the pages of the settings, by the clock, and brings the table what they say now. */
export async function handler(): Promise<PagesSynced> {
  made ??= faqOnAws();
  const { table, log, metrics } = made;
  const { faq } = loadSettings(process.env.HOLDLINE_CONFIG ?? "holdline.config.json");
  const now = () => new Date();
  const readPages = pageReading(faq);
  const synced = await syncPages(faq.pages, { table, readPages, review: faq.review, log, now });
  metrics.addMetric("FaqPairsChanged", MetricUnit.Count, synced.changed);
  metrics.addMetric("FaqPagesShrunk", MetricUnit.Count, synced.shrunk);
  metrics.addMetric("FaqPagesUnread", MetricUnit.Count, synced.unread);
  metrics.publishStoredMetrics();
  return synced;
}
