import * as z from "zod";

/**
 * One entry of a Connect chat: the same shape on the socket, in a transcript and in a streaming
 * notification (Connect Participant API, `Item`). Everything Connect may leave out is optional, and
 * what is not known is not looked at: new fields and new content types must not stop anybody.
 */
export const ChatItem = z.compile(
  z.object({
    Id: z.string().min(1),
    AbsoluteTime: z.string().min(1),
    Type: z.string(),
    ContentType: z.string().nullish(),
    Content: z.string().nullish(),
    DisplayName: z.string().nullish(),
    ParticipantRole: z.string().nullish(),
    /** Only in transcripts of persistent chats, on items of an earlier session. */
    RelatedContactId: z.string().nullish(),
    Attachments: z
      .array(
        z.object({
          AttachmentName: z.string().nullish(),
          ContentType: z.string().nullish(),
          Status: z.string().nullish(),
        }),
      )
      .nullish(),
    MessageMetadata: z.object({ MessageCompleted: z.boolean().nullish() }).nullish(),
  }),
);

/** One entry of a Connect chat, as far as anybody here looks at it. */
export interface ChatItem {
  readonly Id: string;
  readonly AbsoluteTime: string;
  readonly Type: string;
  readonly ContentType?: string | null | undefined;
  readonly Content?: string | null | undefined;
  readonly DisplayName?: string | null | undefined;
  readonly ParticipantRole?: string | null | undefined;
  readonly RelatedContactId?: string | null | undefined;
  readonly Attachments?:
    | readonly {
        readonly AttachmentName?: string | null | undefined;
        readonly ContentType?: string | null | undefined;
        readonly Status?: string | null | undefined;
      }[]
    | null
    | undefined;
  readonly MessageMetadata?:
    | { readonly MessageCompleted?: boolean | null | undefined }
    | null
    | undefined;
}

/** What a frame from the socket turned out to be. */
export type Frame =
  | { readonly frame: "item"; readonly item: ChatItem }
  | { readonly frame: "subscribed" }
  | { readonly frame: "not-subscribed" }
  | { readonly frame: "heartbeat" }
  | { readonly frame: "ping"; readonly healthy: boolean }
  /** A frame without a topic but with a message, such as `Forbidden`: the edge gave up on this socket. */
  | { readonly frame: "trouble" }
  | { readonly frame: "unreadable" }
  | { readonly frame: "nothing" };

const envelope = z.compile(
  z.object({
    topic: z.string().optional(),
    message: z.unknown().optional(),
    content: z.unknown().optional(),
    statusCode: z.unknown().optional(),
  }),
);

/** The frames a client sends, as amazon-connect-chatjs 5.0.0 was seen to send them. */
export const frames = {
  subscribe: Buffer.from('{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}'),
  heartbeat: Buffer.from('{"topic":"aws/heartbeat"}'),
  ping: Buffer.from('{"topic":"aws/ping"}'),
} as const;

const heartbeat: Frame = { frame: "heartbeat" };
const nothing: Frame = { frame: "nothing" };
const unreadable: Frame = { frame: "unreadable" };
const heartbeatText = frames.heartbeat.toString();

/** Reads one text frame of the chat socket. Never throws. */
export function readFrame(text: string): Frame {
  // Nearly every frame of an idle chat is this one.
  if (text === heartbeatText) return heartbeat;
  // Empty frames are ignored, as chatjs does.
  if (text === "") return nothing;
  try {
    const { topic, message, content, statusCode } = envelope.parse(JSON.parse(text));
    switch (topic) {
      case "aws/chat":
        // The content of a chat frame is a JSON string: it is parsed twice (chatjs, webSocketManager.js).
        return {
          frame: "item",
          item: ChatItem.parse(typeof content === "string" ? JSON.parse(content) : content),
        };
      case "aws/subscribe":
        return statusOf(content) === "success"
          ? { frame: "subscribed" }
          : { frame: "not-subscribed" };
      case "aws/heartbeat":
        return heartbeat;
      case "aws/ping":
        return { frame: "ping", healthy: statusCode === undefined || statusCode === 200 };
      case undefined:
        return message === undefined ? nothing : { frame: "trouble" };
      default:
        return nothing;
    }
  } catch {
    return unreadable;
  }
}

const statusOf = (content: unknown) =>
  typeof content === "object" && content !== null && "status" in content
    ? content.status
    : undefined;
