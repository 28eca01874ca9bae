/** One stretch of a chat under one ContactId. A transfer ends it and starts the next. */
export interface Segment {
  readonly contactId: string;
  readonly startedAt: number;
  readonly method: "API" | "TRANSFER";
  readonly queue?: string;
  readonly enqueuedAt?: number;
  readonly agent?: string;
  readonly agentParticipantId?: string;
  readonly joinedAt?: number;
  readonly endedAt?: number;
}

/** Where a flow stands: all that is needed to go on with it after a restart. */
export interface FlowPosition {
  readonly flow: string;
  readonly stage: "inbound" | "queue" | "disconnect";
  readonly action: string;
  /** Epoch milliseconds at which the Wait it stands on completes. */
  readonly wakeAt?: number;
  readonly loops: Readonly<Record<string, number>>;
  readonly results: Readonly<Record<string, unknown>>;
}

/** A chat from StartChatContact to its end. `id` is the InitialContactId, which never changes. */
export interface Chat {
  readonly id: string;
  readonly flowId: string;
  readonly state: "created" | "in-flow" | "queued" | "connected" | "ended";
  readonly createdAt: number;
  /** When an unconnected chat dies, and when any chat does. */
  readonly connectBy: number;
  readonly endsAt: number;
  readonly endedAt?: number;
  readonly endReason?: string;
  readonly displayName: string;
  readonly customerId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly contentTypes: readonly string[];
  readonly initialMessage?: { readonly contentType: string; readonly content: string };
  readonly segments: readonly Segment[];
  readonly targetQueue?: string;
  readonly priority: number;
  readonly ageAdjustSeconds: number;
  readonly hooks: Readonly<Record<string, string>>;
  readonly languageCode: string;
  readonly streams: readonly { readonly id: string; readonly arn: string }[];
  readonly position?: FlowPosition | undefined;
}

/** An item of a transcript, in the words Connect uses on the socket and in GetTranscript. */
export interface Item {
  readonly Id: string;
  readonly AbsoluteTime: string;
  readonly Type: "MESSAGE" | "EVENT";
  readonly ContentType: string;
  readonly Content?: string;
  readonly ParticipantId?: string;
  readonly DisplayName?: string;
  readonly ParticipantRole?: "AGENT" | "CUSTOMER" | "SYSTEM";
  readonly InitialContactId: string;
  readonly ContactId: string;
}

/** The segment a chat is in, or ended in. */
export function currentSegment(chat: Chat): Segment {
  const last = chat.segments.at(-1);
  if (!last) throw new Error(`chat ${chat.id} has no segment`);
  return last;
}

/** Who a chat is with, as people know them. */
export function customerOf(chat: Chat): string {
  return chat.attributes.customerAddress ?? chat.displayName;
}
