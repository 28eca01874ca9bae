/**
 * What of a channel reaches nobody, for programs that must not be able to: this door loads no client.
 */
export * from "./channel.ts";
export * from "./conversation-key.ts";
export * from "./sms-aws/reading.ts";
export * from "./sms-twilio/reading.ts";
