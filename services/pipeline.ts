import { botReply } from "./bot-reply.ts";
import { classify } from "./classify.ts";
import { connectRelay } from "./connect-relay.ts";
import { ingest } from "./ingest.ts";
import { outboundSms } from "./outbound-sms.ts";
import { receipts } from "./receipts.ts";

/** The pipeline. One line a stage; order is for the reader, the events decide who runs when. */
export const pipeline = [ingest, classify, botReply, connectRelay, outboundSms, receipts] as const;
