import { conversationKey } from "@holdline/channels";

export const channel = "sms-aws";
export const business = "+12065550100";
const secret = "what a deployment keeps to itself";

export const phoneOf = (customer: number): string => `+1425${5_000_000 + customer}`;

const keys: string[] = [];

/** The key of a customer's conversation, as a deployment would have it: in no order at all. */
export function keyOf(customer: number): string {
  keys[customer] ??= conversationKey(secret, channel, business, phoneOf(customer));
  return keys[customer];
}
