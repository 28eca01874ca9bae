import { type DataOf, ReplyDrafted } from "@holdline/events";
import { type SettingsPort, type Wording, worded } from "../settings/index.ts";
import type { Conversation } from "./knowledge.ts";

type Parties = { readonly channel: string; readonly business: string; readonly customer: string };
type Kind = DataOf<typeof ReplyDrafted>["kind"];

/** The little that is needed to say something to a customer in our own name. */
export interface Speech {
  /** One reply in our own words; nothing where the wording is empty. */
  say(
    kind: Kind,
    name: keyof Wording,
    values?: Readonly<Record<string, string | number>>,
  ): ReturnType<typeof ReplyDrafted>[];
  /** The same for words that are put together already. */
  text(kind: Kind, text: string, speaker?: "bot" | "system"): ReturnType<typeof ReplyDrafted>[];
  readonly wording: Wording;
}

/** How we speak in one conversation, answering one event or message. */
export function speech(
  conversationId: string,
  { channel, business, customer }: Parties,
  language: string,
  settings: SettingsPort,
  inReplyTo: string | null,
): Speech {
  const wording = settings.wording(business, language);
  const addressed = { conversationId, channel, from: business, to: customer, inReplyTo };
  const text: Speech["text"] = (kind, words, speaker = "system") =>
    words.trim() === "" ? [] : [ReplyDrafted({ ...addressed, text: words.trim(), kind, speaker })];
  return {
    wording,
    text,
    say: (kind, name, values = {}) =>
      text(kind, worded(wording[name], { organisation: settings.organisation, ...values })),
  };
}

/** The language to speak in: the caller's, else the number's. */
export const languageOf = (
  known: Pick<Conversation, "language">,
  business: string,
  settings: SettingsPort,
): string => known.language ?? settings.number(business)?.language ?? "en-US";
