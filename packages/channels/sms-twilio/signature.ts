import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * What Twilio signs: the URL it calls, then every field of the form by name, name and value one behind
 * the other; a value that is there twice counts once (Twilio documentation, "Validating requests", and
 * twilio-node, `webhooks.ts`).
 */
function signed(url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const fields = names.flatMap((name) =>
    [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`),
  );
  return [url, ...fields].join("");
}

/** The `X-Twilio-Signature` of a request with this URL and this form. */
export const signatureOf = (authToken: string, url: string, form: URLSearchParams): string =>
  createHmac("sha1", authToken).update(signed(url, form)).digest("base64");

/** Some of Twilio's callers name the standard port in what they sign, some do not. */
function spellings(url: string): readonly string[] {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const standard = protocol === "https:" ? "443" : "80";
  const spelt = (of: string) => `${protocol}//${hostname}${of}${pathname}${search}`;
  return port ? [spelt(`:${port}`), spelt("")] : [spelt(""), spelt(`:${standard}`)];
}

/** Whether a signature is that of this request, told in a time that says nothing of where it differs. */
export function isSigned(
  authToken: string,
  signature: string,
  url: string,
  form: URLSearchParams,
): boolean {
  const given = Buffer.from(signature);
  return spellings(url).some((spelt) => {
    const right = Buffer.from(signatureOf(authToken, spelt, form));
    return right.length === given.length && timingSafeEqual(right, given);
  });
}
