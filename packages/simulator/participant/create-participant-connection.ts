import * as z from "zod";
import type { Conversations } from "../chat/conversations.ts";
import { type Operation, valid } from "../http/operation.ts";
import type { World } from "../world.ts";
import { chatByBearer, invalid, participant } from "./service.ts";

const Request = z.object({
  Type: z.array(z.enum(["WEBSOCKET", "CONNECTION_CREDENTIALS", "WEBRTC_CONNECTION"])).default([]),
  ConnectParticipant: z.boolean().nullish(),
});

// "The websocket URL has a connect timeout of 100 seconds"; the token lives a day however long the chat may last.
const URL_LIFE_MS = 100_000;
const TOKEN_LIFE_MS = 24 * 3_600_000;
// The official client renews after 59 minutes, before the server's hour is over.
const SOCKET_LIFE_MS = 60 * 60_000;

/** Hands out what a participant connects with: a socket's URL, a ConnectionToken, or both. */
export function createParticipantConnection(world: World, conversations: Conversations): Operation {
  return {
    name: "CreateParticipantConnection",
    service: participant,
    rate: { bucket: "participant/CreateParticipantConnection", perSecond: 6, burst: 9 },
    answer({ body, bearer }) {
      const chat = chatByBearer(world, bearer, "participant");
      const { Type: types, ConnectParticipant } = valid(Request, body, invalid);
      if (types.includes("WEBRTC_CONNECTION"))
        throw invalid("Type WEBRTC_CONNECTION is for calls; this participant chats.");
      if (types.length === 0 && !ConnectParticipant)
        throw invalid("Type must name WEBSOCKET or CONNECTION_CREDENTIALS.");
      // Only streaming takes the place of a socket; without it the flag does nothing.
      if (ConnectParticipant && chat.streams.length > 0) conversations.arrive(chat.id);
      const now = Date.now();
      const expiresAt = now + world.scaled(TOKEN_LIFE_MS);
      const closesAt = now + world.scaled(SOCKET_LIFE_MS);
      return {
        ...(types.includes("WEBSOCKET") && {
          Websocket: {
            Url: `${world.socketOrigin}/chat/${world.tokens.issue({
              for: "socket",
              chatId: chat.id,
              expiresAt: now + world.scaled(URL_LIFE_MS),
              closesAt,
            })}`,
            ConnectionExpiry: new Date(closesAt).toISOString(),
          },
        }),
        ...(types.includes("CONNECTION_CREDENTIALS") && {
          ConnectionCredentials: {
            ConnectionToken: world.tokens.issue({ for: "connection", chatId: chat.id, expiresAt }),
            Expiry: new Date(expiresAt).toISOString(),
          },
        }),
      };
    },
  };
}
