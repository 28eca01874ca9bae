import { createHash } from "node:crypto";
import * as z from "zod";

/** A message attribute as the SDK sends it. */
export const MessageAttribute = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\.[\w.-]+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

export type MessageAttributes = Readonly<Record<string, z.infer<typeof MessageAttribute>>>;

/** A message in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly queue: string;
  readonly seq: number;
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string;
  readonly sentAt: number;
  /** Hidden until then: delayed, or received by somebody. */
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceivedAt?: number;
}

/** The digest clients compare with what they sent or got. */
export function md5(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}

/** The digest of attributes: names in order, each part with its length before it, as the SDK computes it. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash("md5");
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = "", StringValue = "", BinaryValue = "" } = attributes[name] ?? {};
    const binary = DataType.startsWith("Binary");
    part(Buffer.from(name));
    part(Buffer.from(DataType));
    hash.update(Buffer.from([binary ? 2 : 1]));
    part(Buffer.from(binary ? BinaryValue : StringValue, binary ? "base64" : "utf8"));
  }
  return hash.digest("hex");
}

/** Bytes as SQS counts them: the body, and name, type and value of each attribute. */
export function sizeOf(body: string, attributes: MessageAttributes = {}): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = "", BinaryValue = "" }] of Object.entries(attributes))
    bytes +=
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, "base64");
  return bytes;
}
