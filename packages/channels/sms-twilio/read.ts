import { DeadLetter } from "@holdline/runtime";
import type { Inbound, Receipt } from "../channel.ts";
import { normalAddress } from "../conversation-key.ts";
import { harmless } from "../text/mend.ts";
import { IncomingMessage, StatusCallback, statuses } from "./wire.ts";

/** A form as Twilio fills it. Of two fields with one name the first counts. */
export function fieldsOf(form: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(form)) fields[name] ??= value;
  return fields;
}

/** Whether a form tells what became of a text of ours. */
export const isReceipt = (form: string): boolean => "MessageStatus" in fieldsOf(form);

const unreadable = (what: string, issues: readonly { path: PropertyKey[]; code: string }[]) => {
  const complaint = issues.map(({ path, code }) => `${path.join(".")}: ${code}`).join(", ");
  return new DeadLetter("unreadable", { cause: new Error(`not ${what} (${complaint})`) });
};

/** Reads a customer's text. */
export function readMessage(raw: string): Inbound {
  const fields = fieldsOf(raw);
  const read = IncomingMessage.safeParse(fields);
  if (!read.success) throw unreadable("an incoming message", read.error.issues);
  const { MessageSid, From, To, Body, NumMedia } = read.data;
  return {
    messageId: MessageSid,
    business: normalAddress(To),
    customer: normalAddress(From),
    text: harmless(Body),
    attachments: Array.from({ length: NumMedia }, (_, nth) => ({
      name: `attachment-${nth + 1}`,
      contentType: fields[`MediaContentType${nth}`] ?? "application/octet-stream",
      url: fields[`MediaUrl${nth}`] ?? "",
    })).filter(({ url }) => url !== ""),
  };
}

/** Reads what became of a text of ours. */
export function readStatus(raw: string): Receipt {
  const read = StatusCallback.safeParse(fieldsOf(raw));
  if (!read.success) throw unreadable("a status callback", read.error.issues);
  const { MessageSid, MessageStatus, From, To, token } = read.data;
  return {
    business: normalAddress(From),
    customer: normalAddress(To),
    carrierId: MessageSid,
    token: token ?? null,
    status: MessageStatus,
    ...(statuses[MessageStatus] ?? { outcome: "under-way", final: false }),
    // `RawDlrDoneDate` has minutes, and only some carriers' receipts have it.
    at: null,
  };
}
