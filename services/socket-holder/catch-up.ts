import { type ChatItem, troubleOf } from "@holdline/connect";
import type { RenewalReason } from "./reasons.ts";
import type { Session, SessionPorts } from "./session.ts";
import { backoff, pause } from "./timings.ts";
import { transcriptSince } from "./transcript.ts";

type Ports = Pick<
  SessionPorts,
  "participant" | "book" | "receiver" | "timings" | "counts" | "log" | "givingUp"
>;

/** How often a transcript may be refused in a row before the chat goes on without it. */
const refusals = 3;

/** Reads what no socket brought, while what the new socket brings is kept; then lets both through, in order. */
export async function catchUp(
  session: Session,
  connectionToken: string | undefined,
  ports: Ports & { readonly want: (session: Session, reason: RenewalReason) => void },
): Promise<void> {
  const { receiver, counts, log, givingUp } = ports;
  session.reads += 1;
  const { reads, socket } = session;
  // Also while saying good-bye: what was kept back meanwhile can only follow the transcript.
  const wanted = () => session.reads === reads && session.socket === socket && !givingUp.aborted;

  receiver.holdAll(session);
  counts.transcripts += 1;
  try {
    const items = await read(session, connectionToken, wanted, ports);
    // Lost again meanwhile: the next transcript brings these too.
    if (!wanted()) return;
    session.unheard = false;
    receiver.merge(session, items);
  } catch (error) {
    if (!wanted()) return;
    const trouble = troubleOf(error);
    counts.transcriptsRefused += 1;
    log.warn({ contactId: session.contactId, trouble }, "transcript refused");
    if (trouble === "denied" && session.failures < refusals)
      return ports.want(session, "credentials-refused");
    // Silence for the rest of the chat would be worse than what may be missing here.
    session.unheard = false;
    receiver.merge(session, []);
  }
}

/** The chat ended unheard: what was said before, where the last credentials can still read it, and then its end. */
export async function readBeforeTheEnd(session: Session, ports: Ports): Promise<void> {
  const { receiver, book, givingUp } = ports;
  const wanted = () => !session.closed && !givingUp.aborted;
  let items: readonly ChatItem[] = [];
  try {
    const credentials = await book.credentials(session.contactId);
    if (credentials) items = await read(session, credentials.connectionToken, wanted, ports);
  } catch {
    // As good as certain: the credentials ended with the chat.
  }
  if (!wanted()) return;
  receiver.merge(session, items);
  receiver.endUnheard(session);
}

async function read(
  session: Session,
  connectionToken: string | undefined,
  wanted: () => boolean,
  { participant, timings, givingUp: signal }: Ports,
): Promise<readonly ChatItem[]> {
  // The call that gave the socket was asked for a token too, so this does not happen.
  if (connectionToken === undefined) return [];
  const patiently = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    for (let failures = 0; ; failures++) {
      try {
        return await request();
      } catch (error) {
        const passing = ["throttled", "unavailable"].includes(troubleOf(error));
        if (!passing || !wanted()) throw error;
        await pause(backoff(timings.redialMs, 8 * timings.redialMs, failures), signal);
      }
    }
  };
  const options = { participant, connectionToken, signal, patiently };
  try {
    return await transcriptSince({ ...options, since: session.heard.lastItemAt });
  } catch (error) {
    if (troubleOf(error) !== "not-valid") throw error;
    // The place to start from is not liked: read all of it.
    return await transcriptSince({ ...options, since: null });
  }
}
