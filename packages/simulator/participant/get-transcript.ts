import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { Item } from "../chat/chat.ts";
import { type Operation, valid } from "../http/operation.ts";
import type { World } from "../world.ts";
import { chatByBearer, invalid, participant } from "./service.ts";

const Request = z.object({
  ContactId: z.string().min(1).max(256).nullish(),
  MaxResults: z.int().min(0).max(100).nullish(),
  NextToken: z.string().min(1).max(1_000).nullish(),
  ScanDirection: z.enum(["FORWARD", "BACKWARD"]).nullish(),
  SortOrder: z.enum(["ASCENDING", "DESCENDING"]).nullish(),
  StartPosition: z
    .object({
      Id: z.string().min(1).max(256).nullish(),
      AbsoluteTime: z.string().min(1).max(100).nullish(),
      MostRecent: z.int().min(0).max(100).nullish(),
    })
    .nullish(),
});

const DEFAULT_RESULTS = 10;

/** Reads the transcript a page at a time. */
export function getTranscript(world: World): Operation {
  return {
    name: "GetTranscript",
    service: participant,
    rate: { bucket: "participant/GetTranscript", perSecond: 8, burst: 12 },
    answer({ body, bearer }) {
      const chat = chatByBearer(world, bearer, "connection");
      const request = valid(Request, body ?? {}, invalid);
      if (request.ContactId && world.chats.find(request.ContactId)?.id !== chat.id)
        throw new AwsError("AccessDeniedException", 403, "Access denied");
      const items = world.transcripts.of(chat.id);
      const forward =
        (request.ScanDirection ?? (request.StartPosition ? "FORWARD" : "BACKWARD")) === "FORWARD";
      const from = request.NextToken
        ? fromToken(request.NextToken, items.length)
        : startIndex(items, request.StartPosition ?? {}, forward);
      // The documentation leaves open what MaxResults 0 means; here it is the default.
      const limit = request.MaxResults || DEFAULT_RESULTS;
      const page = forward
        ? items.slice(from, from + limit)
        : items.slice(Math.max(0, from - limit + 1), from + 1);
      const next = forward ? from + limit : from - limit;
      const more = forward ? next < items.length : next >= 0;
      const ascending = (request.SortOrder ?? "DESCENDING") === "ASCENDING";
      return {
        InitialContactId: chat.id,
        // InitialContactId belongs to the answer and is not repeated in each item.
        Transcript: (ascending ? page : page.toReversed()).map(
          ({ InitialContactId: _, ...item }) => item,
        ),
        ...(more && { NextToken: Buffer.from(String(next)).toString("base64url") }),
      };
    },
  };
}

// The start item itself is part of the answer. The documentation does not say; clients drop what they know by Id.
function startIndex(
  items: readonly Item[],
  position: {
    readonly Id?: string | null | undefined;
    readonly AbsoluteTime?: string | null | undefined;
    readonly MostRecent?: number | null | undefined;
  },
  forward: boolean,
): number {
  const given = [position.Id, position.AbsoluteTime, position.MostRecent].filter(
    (each) => each !== undefined && each !== null,
  );
  if (given.length > 1) throw invalid("StartPosition takes one of Id, AbsoluteTime, MostRecent.");
  if (position.Id) {
    const index = items.findIndex(({ Id }) => Id === position.Id);
    if (index < 0) throw invalid(`StartPosition.Id ${position.Id} is not in this transcript.`);
    return index;
  }
  if (position.AbsoluteTime) {
    const ms = Date.parse(position.AbsoluteTime);
    if (Number.isNaN(ms)) throw invalid("StartPosition.AbsoluteTime must be an ISO 8601 time.");
    const time = new Date(ms).toISOString();
    if (forward) {
      const index = items.findIndex(({ AbsoluteTime }) => AbsoluteTime >= time);
      return index < 0 ? items.length : index;
    }
    return items.findLastIndex(({ AbsoluteTime }) => AbsoluteTime <= time);
  }
  if (typeof position.MostRecent === "number")
    return forward ? Math.max(0, items.length - position.MostRecent) : items.length - 1;
  return forward ? 0 : items.length - 1;
}

function fromToken(token: string, length: number): number {
  const index = Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(index) || index < 0 || index > length)
    throw invalid("NextToken is not valid.");
  return index;
}
