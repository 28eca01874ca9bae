import {
  type ConnectParticipantClient,
  GetTranscriptCommand,
  type GetTranscriptCommandInput,
} from "@aws-sdk/client-connectparticipant";
import { ChatItem } from "@holdline/connect";

/** What reading a transcript takes. */
export interface TranscriptOptions {
  readonly participant: Pick<ConnectParticipantClient, "send">;
  readonly connectionToken: string;
  /** The time of the last item heard; nothing when none was. */
  readonly since: string | null;
  readonly signal: AbortSignal;
  /** Runs one request, and again as long as that makes sense. */
  readonly patiently: <Answer>(request: () => Promise<Answer>) => Promise<Answer>;
}

// The socket does not keep order: something said before the last item heard may still have been on
// its way when the socket was lost. It is read again from a little earlier, and told by its id.
const overlapMs = 30_000;

/**
 * What was said since. Missed items are not repeated on a socket, only here (chatjs, COMMON_ISSUES.md
 * #001).
 *
 * Without a place to start from it reads backwards from the end, which is the documented default.
 */
export async function transcriptSince(options: TranscriptOptions): Promise<readonly ChatItem[]> {
  const { participant, connectionToken, since, signal, patiently } = options;
  const from: Partial<GetTranscriptCommandInput> =
    since === null
      ? { ScanDirection: "BACKWARD" }
      : {
          ScanDirection: "FORWARD",
          StartPosition: {
            AbsoluteTime: new Date(Date.parse(since) - overlapMs).toISOString(),
          },
        };
  const items: ChatItem[] = [];
  let NextToken: string | undefined;
  do {
    const page = await patiently(() =>
      participant.send(
        new GetTranscriptCommand({
          ...from,
          ConnectionToken: connectionToken,
          SortOrder: "ASCENDING",
          MaxResults: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
        { abortSignal: signal },
      ),
    );
    for (const entry of page.Transcript ?? []) {
      const { success, data } = ChatItem.safeParse(entry);
      if (success) items.push(data);
    }
    // A token with an empty page, or the same token again, would go on for ever.
    NextToken =
      page.Transcript?.length && page.NextToken !== NextToken ? page.NextToken : undefined;
  } while (NextToken !== undefined);
  return items;
}
