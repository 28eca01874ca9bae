import { createHmac, timingSafeEqual } from "node:crypto";

/** What a token stands for. Tokens carry it themselves, signed, so that they outlive a crash without being stored. */
export interface TokenClaims {
  /** A ParticipantToken, a ConnectionToken, or the secret part of a socket's URL. */
  readonly for: "participant" | "connection" | "socket";
  readonly chatId: string;
  /** When it was handed out, in milliseconds with fractions. */
  readonly issuedAt: number;
  readonly expiresAt?: number;
  /** For a socket: when its life ends. */
  readonly closesAt?: number;
}

/** Makes and reads tokens. */
export interface Tokens {
  issue(claims: Omit<TokenClaims, "issuedAt">): string;
  /** The claims of a token that we signed, expired or not; undefined for anything else. */
  read(token: string): TokenClaims | undefined;
}

/** A clock fine enough that two tokens never look handed out at the same moment. */
export function fineNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Tokens signed with a secret. */
export function tokens(secret: string): Tokens {
  const sign = (body: string) => createHmac("sha256", secret).update(body).digest("base64url");
  return {
    issue(claims) {
      const body = Buffer.from(JSON.stringify({ ...claims, issuedAt: fineNow() })).toString(
        "base64url",
      );
      return `${body}.${sign(body)}`;
    },
    read(token) {
      const [body, signature, more] = token.split(".");
      if (!body || !signature || more !== undefined) return undefined;
      const expected = Buffer.from(sign(body));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
      return JSON.parse(Buffer.from(body, "base64url").toString()) as TokenClaims;
    },
  };
}
