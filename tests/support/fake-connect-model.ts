import type { WebSocket } from "ws";
import type { ChatItem } from "../../packages/connect/wire.ts";

/** How the service misbehaves from now on. */
export interface Misbehaviour {
  /** Heartbeats are not answered. */
  deaf: boolean;
  /** So many subscriptions are refused, and so many are not answered at all. */
  refuseSubscribes: number;
  ignoreSubscribes: number;
  /** So many sockets get a Forbidden frame in place of a subscription. */
  forbid: number;
  /** So many sockets are turned away at the door, with this status. */
  turnAway: number;
  turnAwayWith: number;
  /** Every item is sent so many times. */
  copies: number;
  /** So many calls of an operation are answered with this error. */
  errors: { operation: Operation; error: keyof typeof statusOf; times: number }[];
  /** Transcripts wait for this before they are answered. */
  transcriptHeldBy: Promise<void> | undefined;
  /** How many entries a transcript page has at most. */
  pageSize: number;
}

/** What a client asks for. */
export type Operation =
  | "StartChatContact"
  | "CreateParticipantConnection"
  | "SendMessage"
  | "GetTranscript"
  | "DisconnectParticipant";

/** Errors of the service, and their statuses. */
export const statusOf = {
  AccessDeniedException: 403,
  ThrottlingException: 429,
  TooManyRequestsException: 429,
  LimitExceededException: 429,
  ValidationException: 400,
  InvalidRequestException: 400,
  InvalidParameterException: 400,
  ResourceNotFoundException: 404,
  InternalServerException: 500,
  InternalServiceException: 500,
} as const;

/** One chat, as the service knows it. */
export interface FakeChat {
  readonly contactId: string;
  readonly participantToken: string;
  readonly transcript: ChatItem[];
  readonly sockets: Set<WebSocket>;
  readonly request: Readonly<Record<string, unknown>>;
  ended: boolean;
  /** How many requests for its transcript were answered. */
  pagesRead: number;
  /** The most sockets it ever had at once. */
  mostSockets: number;
}

/** One request that came. */
export interface Call {
  readonly operation: Operation;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bearer: string | undefined;
}

/** A service that behaves. */
export const goodBehaviour = (): Misbehaviour => ({
  deaf: false,
  refuseSubscribes: 0,
  ignoreSubscribes: 0,
  forbid: 0,
  turnAway: 0,
  turnAwayWith: 403,
  copies: 1,
  errors: [],
  transcriptHeldBy: undefined,
  pageSize: 100,
});

/** What a token is good for. */
export type Use = "participant" | "connection" | "socket";

/** Which path asks for what. */
export const operationAt: Readonly<Record<string, Operation>> = {
  "/contact/chat": "StartChatContact",
  "/participant/connection": "CreateParticipantConnection",
  "/participant/message": "SendMessage",
  "/participant/transcript": "GetTranscript",
  "/participant/disconnect": "DisconnectParticipant",
};
