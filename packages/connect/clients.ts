import { ConnectClient } from "@aws-sdk/client-connect";
import { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";

/** Where Connect is, and how long to wait for it. */
export interface ConnectEndpoint {
  readonly region: string;
  /** Another place to call than AWS, such as the stand-in on this machine. */
  readonly endpoint?: string | undefined;
  readonly requestTimeoutMs?: number | undefined;
}

// Whoever calls retries with its own token and its own patience; a client that retries by itself
// would hide throttling from the pacing. Connections are kept open: a TLS handshake per message
// costs more than the message.
const options = ({ region, endpoint, requestTimeoutMs = 5_000 }: ConnectEndpoint) => ({
  region,
  ...(endpoint === undefined ? {} : { endpoint }),
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: 1_000 },
    httpsAgent: { keepAlive: true, maxSockets: 1_000 },
  },
});

/** Amazon Connect itself: opens chats, with the credentials of this account, found where the SDK finds them. */
export const connectClient = (
  endpoint: ConnectEndpoint,
  credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): ConnectClient =>
  new ConnectClient({ ...options(endpoint), ...(credentials ? { credentials } : {}) });

/**
 * The participant service: speaks and listens as the customer of one chat.
 *
 * It does not use signatures but the participant's own token (its API reference says so); the SDK
 * signs all the same, so it signs with nothing, as amazon-connect-chatjs does.
 */
export const participantClient = (endpoint: ConnectEndpoint): ConnectParticipantClient =>
  new ConnectParticipantClient({
    ...options(endpoint),
    credentials: { accessKeyId: "", secretAccessKey: "" },
  });
