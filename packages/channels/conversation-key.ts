import { createHash, createHmac } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Base32 in lower case: safe in a file name, a topic, a Lex session id and a case-blind store. */
function base32(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = "";
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  return text;
}

/** 160 bits, 32 letters. */
const keyBytes = 20;

/**
 * One spelling for an address: E.164 for whatever is a telephone number, as it came for the rest
 * (short codes, page ids). `+1 (206) 555-0100` and `12065550100` are one customer.
 */
export function normalAddress(address: string): string {
  const trimmed = address.trim();
  if (!/^\+?[\d\s().-]+$/.test(trimmed)) return trimmed;
  const digits = trimmed.replace(/\D/g, "");
  // E.164 has at most 15 digits; below 8 it is a short code, which takes no plus.
  return digits.length >= 8 && digits.length <= 15 ? `+${digits}` : digits;
}

/**
 * The opaque name of a conversation: the same for the same three, and nothing about any of them.
 *
 * Whoever loses the secret loses every STOP recorded under these names; it is kept with the store.
 */
export function conversationKey(
  secret: Uint8Array | string,
  channel: string,
  business: string,
  customer: string,
): string {
  if (secret.length < 16)
    throw new Error(
      "the conversation secret is shorter than 16 bytes: phone numbers could be guessed from keys; make one with `openssl rand -hex 32`",
    );
  const named = JSON.stringify([channel, normalAddress(business), normalAddress(customer)]);
  const digest = createHmac("sha256", secret).update(named).digest();
  return `c_${base32(digest.subarray(0, keyBytes))}`;
}

/** The name under which a body nobody can read is kept: its digest, so that a duplicate has the same. */
export function digestKey(raw: string): string {
  const digest = createHash("sha256").update(raw).digest();
  return `u_${base32(digest.subarray(0, keyBytes))}`;
}
