import { conversationKey, normalAddress } from "@holdline/channels";
import type { Event } from "@holdline/events";
import type { Source } from "./source.ts";

/** What was asked about, found in a history. */
export interface Found {
  readonly conversation: string;
  readonly events: readonly Event[];
  /** The event that was named, where it was one. */
  readonly event?: string;
}

/** One of our numbers, and the channel that speaks for it. */
interface Number {
  readonly address: string;
  readonly channel: string;
}

const isPhone = (whom: string) => /^\+?[\d\s().-]{7,}$/.test(whom);

/** Finds a conversation by its customer's number, by its name, or by one of its events. Throws where there is none. */
export async function foundIn(
  source: Source,
  whom: string,
  numbers: readonly Number[],
  secret: string | undefined,
): Promise<Found> {
  if (isPhone(whom)) return byPhone(source, whom, numbers, secret);
  const events = await source.conversation(whom);
  if (events) return { conversation: whom, events };
  const conversation = await source.conversationOf(whom);
  if (conversation === undefined) throw new Error(`there is no conversation and no event ${whom}`);
  return { conversation, events: (await source.conversation(conversation)) ?? [], event: whom };
}

async function byPhone(
  source: Source,
  phone: string,
  numbers: readonly Number[],
  secret: string | undefined,
): Promise<Found> {
  if (secret === undefined)
    throw new Error(
      "conversations are named by a secret, and there is none here: set HOLDLINE_SECRET, or HOLDLINE_DATA to the folder that has it",
    );
  const found: (Found & { readonly address: string })[] = [];
  for (const { address, channel } of numbers) {
    const conversation = conversationKey(secret, channel, address, phone);
    const events = await source.conversation(conversation);
    if (events) found.push({ address, conversation, events });
  }
  const [first, second] = found;
  const ours = numbers.map(({ address }) => address).join(", ");
  if (!first)
    throw new Error(
      `${normalAddress(phone)} has no conversation with ${ours} here; was it with another number (--to), or another folder's secret?`,
    );
  if (second)
    throw new Error(
      `${normalAddress(phone)} has conversations with ${found.map(({ address }) => address).join(" and ")}; say which with --to`,
    );
  return first;
}
