import type { Stage } from "@holdline/runtime";
import { botReply } from "./bot-reply.ts";
import { classify } from "./classify.ts";
import { connectRelay } from "./connect-relay.ts";
import { ingest } from "./ingest.ts";
import { outboundSms } from "./outbound-sms.ts";
import { receipts } from "./receipts.ts";
import type { SettingsPort } from "./settings/index.ts";

/** The pipeline. One line a stage; order is for the reader, the events decide who runs when. */
export const pipeline = [ingest, classify, botReply, connectRelay, outboundSms, receipts] as const;

/** The pipeline as the settings will have it: a reply older than they say is not sent any more. */
export function configuredPipeline({ limits }: Pick<SettingsPort, "limits">): readonly Stage[] {
  const maxAgeMs = limits.replyMaxAgeMinutes * 60_000;
  const aged = { ...outboundSms, retry: { ...outboundSms.retry, maxAgeMs } };
  const stages = pipeline.map((stage) => (stage === outboundSms ? aged : stage));
  return stages as unknown as readonly Stage[];
}
