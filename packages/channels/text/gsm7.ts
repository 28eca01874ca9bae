/**
 * The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1), in which a text message holds 160
 * characters. One character outside it makes the whole message UCS-2, which holds 70.
 *
 * The small `ç` and the backtick are not in it, whatever a phone shows: AWS's own table of the basic
 * set has only `Ç` (End User Messaging SMS guide, "SMS character limits").
 */
const basic =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ" +
  "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** Reached through an escape, so each costs two septets (§6.2.1.1). Form feed is one of them. */
const extension = "^{}\\[~]|€\f";

const septets = new Map<string, number>([
  ...[...basic].map((char) => [char, 1] as const),
  ...[...extension].map((char) => [char, 2] as const),
]);

/** Septets of one character in a GSM-7 message, or nothing when it has no place in one. */
export const septetsOf = (char: string): number | undefined => septets.get(char);

/** Whether a text can travel as GSM-7, at 160 characters a message instead of 70. */
export function isGsm7(text: string): boolean {
  for (const char of text) if (!septets.has(char)) return false;
  return true;
}
