import {
  type ConnectClient,
  StartChatContactCommand,
  StartContactStreamingCommand,
} from "@aws-sdk/client-connect";
import {
  type ConnectParticipantClient,
  CreateParticipantConnectionCommand,
  DisconnectParticipantCommand,
  SendMessageCommand,
} from "@aws-sdk/client-connectparticipant";
import { Retry } from "@holdline/runtime";
import type { ContactBook } from "./book.ts";
import type { Contacts, Opened, Opening, Relayed } from "./contacts.ts";
import { partsOf } from "./parts.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** What Amazon Connect needs to be told before it can be the customer's side of a chat. */
export interface AmazonConnectOptions {
  readonly connect: Pick<ConnectClient, "send">;
  readonly participant: Pick<ConnectParticipantClient, "send">;
  readonly book: ContactBook;
  /** Which Connect instance and which chat flow a business number leads to. */
  readonly route: (business: string) => { readonly instanceId: string; readonly flowId: string };
  /** Between 60 and 10,080; Connect's default is 25 hours. */
  readonly chatMinutes?: number | undefined;
  /**
   * How long one text may be. The API model says 16,384, its prose 1,024 for plain text: the smaller
   * one is safe everywhere.
   */
  readonly textLimit?: number | undefined;
  /** Where new chats are streamed to, and whether a socket hears them too. Without it, a socket alone does. */
  readonly streaming?: { readonly topicArn: string; readonly alsoSocket: boolean } | undefined;
  readonly now?: (() => number) | undefined;
}

/** A token is replaced this long before it expires (chatjs, baseConnectionHelper.js). */
const refreshEarlyMs = 60_000;

/** Amazon Connect as the customer of a chat: opens chats, speaks in them, leaves them. */
export function amazonConnect({
  connect,
  participant,
  book,
  route,
  chatMinutes,
  textLimit = 1_024,
  streaming,
  now = Date.now,
}: AmazonConnectOptions): Contacts {
  const refreshing = new Map<string, Promise<string | undefined>>();

  /** A usable bearer for the contact; nothing when the chat is over. Two who ask at once share one call. */
  async function bearer(contactId: string, refused: string | undefined, signal: AbortSignal) {
    const known = await book.credentials(contactId);
    if (
      known !== undefined &&
      known.connectionToken !== refused &&
      Date.parse(known.expires) - refreshEarlyMs > now()
    )
      return known.connectionToken;
    const pending = refreshing.get(contactId) ?? refresh(contactId, signal);
    refreshing.set(contactId, pending);
    return await pending.finally(() => refreshing.delete(contactId));
  }

  async function refresh(contactId: string, signal: AbortSignal): Promise<string | undefined> {
    const contact = await book.of(contactId);
    if (contact === undefined) return undefined;
    try {
      const { ConnectionCredentials: given } = await participant.send(
        // Credentials only: every call that asks for a WEBSOCKET mints another socket URL.
        new CreateParticipantConnectionCommand({
          ParticipantToken: contact.participantToken,
          Type: ["CONNECTION_CREDENTIALS"],
        }),
        { abortSignal: signal },
      );
      if (given?.ConnectionToken === undefined) throw new Retry("no-credentials");
      await book.entrust(contactId, {
        connectionToken: given.ConnectionToken,
        expires: given.Expiry ?? new Date(now() + refreshEarlyMs).toISOString(),
      });
      return given.ConnectionToken;
    } catch (error) {
      if (troubleOf(error) === "denied") return undefined;
      throw notNow(error);
    }
  }

  /** Does something with a bearer, and once more with a new one when the first is refused. */
  async function withBearer<Answer>(
    contactId: string,
    signal: AbortSignal,
    call: (connectionToken: string) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    let refused: string | undefined;
    for (const _ of ["as it is", "refreshed"]) {
      const connectionToken = await bearer(contactId, refused, signal);
      if (connectionToken === undefined) return undefined;
      try {
        return await call(connectionToken);
      } catch (error) {
        if (troubleOf(error) !== "denied") throw error;
        refused = connectionToken;
      }
    }
    return undefined;
  }

  /** Has Connect stream the chat; where it won't, a socket hears it. */
  async function stream(InstanceId: string, ContactId: string, token: string, signal: AbortSignal) {
    if (!streaming) return "socket";
    const StreamingEndpointArn = streaming.topicArn;
    try {
      await connect.send(
        new StartContactStreamingCommand({
          ...{ InstanceId, ContactId, ClientToken: token },
          ChatStreamingConfiguration: { StreamingEndpointArn },
        }),
        { abortSignal: signal },
      );
      return streaming.alsoSocket ? "both" : "streaming";
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === "throttled" || trouble === "unavailable") throw error;
      return "socket";
    }
  }

  /** Connects the customer without a socket: the flow starts now. */
  async function arrive(contactId: string, ParticipantToken: string, signal: AbortSignal) {
    const { ConnectionCredentials: given } = await participant.send(
      new CreateParticipantConnectionCommand({
        ...{ ParticipantToken, ConnectParticipant: true },
        Type: ["CONNECTION_CREDENTIALS"],
      }),
      { abortSignal: signal },
    );
    if (given?.ConnectionToken === undefined) return;
    await book.entrust(contactId, {
      connectionToken: given.ConnectionToken,
      expires: given.Expiry ?? new Date(now() + refreshEarlyMs).toISOString(),
    });
  }

  return {
    async open(opening, token, signal): Promise<Opened> {
      try {
        const { instanceId, flowId } = route(opening.business);
        const started = await connect.send(
          new StartChatContactCommand({
            InstanceId: instanceId,
            ContactFlowId: flowId,
            ClientToken: token,
            ParticipantDetails: { DisplayName: opening.customer },
            Attributes: attributesOf(opening),
            SupportedMessagingContentTypes: ["text/plain"],
            ...(chatMinutes === undefined ? {} : { ChatDurationInMinutes: chatMinutes }),
            ...(opening.text
              ? { InitialMessage: { ContentType: "text/plain", Content: opening.text } }
              : {}),
          }),
          { abortSignal: signal },
        );
        const { ContactId: contactId, ParticipantToken: participantToken } = started;
        if (contactId === undefined || participantToken === undefined)
          throw new Retry("no-participant");
        // Streaming comes before the connection, or the flow never starts (Administrator guide, "Enable message streaming").
        const heardBy = streaming ? await stream(instanceId, contactId, token, signal) : "socket";
        const { conversationId } = opening;
        await book.open({ contactId, conversationId, participantToken, heardBy });
        if (heardBy !== "socket") await arrive(contactId, participantToken, signal);
        return { opened: true, contactId };
      } catch (error) {
        const refusal = refusals[troubleOf(error)];
        if (refusal) return refusal;
        throw notNow(error);
      }
    },

    async say(contactId, text, token, signal): Promise<Relayed> {
      try {
        const sent = await withBearer(contactId, signal, (ConnectionToken) =>
          participant.send(
            new SendMessageCommand({
              ConnectionToken,
              ContentType: "text/plain",
              Content: text,
              ClientToken: token,
            }),
            { abortSignal: signal },
          ),
        );
        if (sent === undefined) return { sent: false, reason: "contact-ended" };
        return { sent: true, itemId: sent.Id ?? "" };
      } catch (error) {
        if (troubleOf(error) === "not-valid") return { sent: false, reason: "not-valid" };
        throw notNow(error);
      }
    },

    async leave(contactId, token, signal) {
      try {
        await withBearer(contactId, signal, (ConnectionToken) =>
          participant.send(
            new DisconnectParticipantCommand({ ConnectionToken, ClientToken: token }),
            { abortSignal: signal },
          ),
        );
      } catch (error) {
        throw notNow(error);
      }
    },

    fit: (text) => partsOf(text, textLimit),
  };
}

const attributesOf = (opening: Opening) => ({
  channel: opening.channel,
  customerAddress: opening.customer,
  systemAddress: opening.business,
  conversationId: opening.conversationId,
  language: opening.language,
  waitedSeconds: String(Math.round(opening.secondsWaited)),
});

/** What is an answer and not a reason to ask again soon. */
const refusals: Partial<Record<Trouble, Opened>> = {
  "too-many-chats": { opened: false, reason: "too-many-chats", willRetry: true },
  "not-valid": { opened: false, reason: "misconfigured", willRetry: false },
  denied: { opened: false, reason: "misconfigured", willRetry: false },
};

/** Every call carries a ClientToken, so what may have been done may be asked for again. */
const notNow = (error: unknown): unknown => {
  if (error instanceof Retry) return error;
  const trouble = troubleOf(error);
  return new Retry(`connect-${trouble}`, { counts: trouble !== "throttled", cause: error });
};
