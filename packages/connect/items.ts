import {
  ChatEnded,
  ChatJoined,
  ChatLeft,
  ChatMoved,
  ChatQueued,
  ChatSaid,
  type Draft,
} from "@holdline/events";
import { looksLikeMarker, readMarker } from "./marker.ts";
import { readable } from "./readable.ts";
import type { ChatItem } from "./wire.ts";

/** Whose chat an item belongs to, and what was heard of it before. */
export interface ItemContext {
  readonly conversationId: string;
  readonly contactId: string;
  /** A WAITING marker was heard of this contact before. */
  readonly queuedBefore: boolean;
}

const roles = ["AGENT", "SYSTEM", "CUSTOM_BOT", "SUPERVISOR"] as const;
type Role = (typeof roles)[number];

// Connect's event content types share this prefix (chatjs, src/constants.js).
const events = "application/vnd.amazonaws.connect.event.";
const chatEnded = `${events}chat.ended`;
const joined = `${events}participant.joined`;
const left = `${events}participant.left`;

/** Whether an item is an unreadable queue marker: nobody hears it, but somebody should know. */
export const isOddMarker = (item: ChatItem): boolean =>
  isMarker(item) && readMarker(item.Content ?? "") === undefined;

const isMarker = (item: ChatItem) =>
  item.Type === "MESSAGE" &&
  item.ParticipantRole === "SYSTEM" &&
  looksLikeMarker(item.Content ?? "");

/** Whether an item ends the chat. */
export const isEnd = (item: ChatItem): boolean =>
  item.ContentType === chatEnded || item.Type === "CHAT_ENDED";

/**
 * The id under which an item is admitted.
 *
 * Connect's own, except for the end: a chat that is found to be over without its last item ends
 * under the same id, so that it ends once, whoever noticed.
 */
export const admissionId = (item: ChatItem, contactId: string): string =>
  isEnd(item) ? endId(contactId) : item.Id;

/** The admission id of a contact's end. */
export const endId = (contactId: string): string => `ended:${contactId}`;

/** What to say of a contact that ended while nobody listened. */
export const endedWhileAway = (context: ItemContext, at: Date): Draft =>
  ChatEnded({
    conversationId: context.conversationId,
    contactId: context.contactId,
    itemId: endId(context.contactId),
    at: at.toISOString(),
    reason: "ended-while-away",
  });

/**
 * Whether anybody wants to hear an item.
 *
 * To be asked before any dedupe by id: partial messages of a bot share the id of the completed one
 * (chatjs, PartialMessageUtil.js), and receipts carry the id of the message they are about.
 */
export function isHeard(item: ChatItem): boolean {
  // Transcripts of persistent chats begin with what earlier sessions said.
  if (item.RelatedContactId) return false;
  if (isEnd(item)) return true;
  if (roleOf(item) === undefined) return false;
  switch (item.Type) {
    case "MESSAGE":
      return item.MessageMetadata?.MessageCompleted !== false && (item.Content ?? "") !== "";
    case "ATTACHMENT":
      return approved(item).length > 0;
    default:
      return isJoin(item) || isLeave(item);
  }
}

/** The event an item becomes, or nothing when nobody wants to hear it. */
export function readItem(item: ChatItem, context: ItemContext): Draft | undefined {
  if (!isHeard(item)) return undefined;
  const { conversationId, contactId } = context;
  const about = { conversationId, contactId, itemId: item.Id, at: instantOf(item) };
  if (isEnd(item)) return ChatEnded({ ...about, reason: "ended" });

  const role = roleOf(item);
  if (role === undefined) return undefined;
  const said = { ...about, role, displayName: item.DisplayName ?? "" };
  if (isJoin(item)) return ChatJoined(said);
  if (isLeave(item)) return ChatLeft(said);
  if (isMarker(item)) {
    const marker = readMarker(item.Content ?? "");
    if (marker === undefined) return undefined;
    return marker.state === "WAITING" && !context.queuedBefore
      ? ChatQueued({ ...about, ...marker })
      : ChatMoved({ ...about, ...marker });
  }
  return ChatSaid({
    ...said,
    // An attachment's content type is that of the file.
    text: readable(item.Type === "ATTACHMENT" ? null : item.ContentType, item.Content ?? ""),
    attachments: approved(item).map(({ AttachmentName, ContentType }) => ({
      name: AttachmentName ?? "",
      contentType: ContentType ?? "application/octet-stream",
    })),
  });
}

/** Nothing for the customer, whose words come from the phone and not from the chat, and for the unknown. */
const roleOf = (item: ChatItem): Role | undefined =>
  roles.find((role) => role === item.ParticipantRole);

const isJoin = (item: ChatItem) =>
  item.ContentType === joined || item.Type === "PARTICIPANT_JOINED";
const isLeave = (item: ChatItem) => item.ContentType === left || item.Type === "PARTICIPANT_LEFT";

// A file that is still being scanned comes again, with the same id, once it is approved.
const approved = (item: ChatItem) =>
  (item.Attachments ?? []).filter(({ Status }) => Status === "APPROVED");

/** Connect's AbsoluteTime with milliseconds. Throws when it is not a time. */
const instantOf = (item: ChatItem) => new Date(item.AbsoluteTime).toISOString();
