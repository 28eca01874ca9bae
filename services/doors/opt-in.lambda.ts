import { awsSurroundings } from "../aws-surroundings.ts";
import { type OptInAnswer, optIn } from "./opt-in.ts";

let made: ReturnType<typeof optIn> | undefined;

/**
 * What the voice flow invokes when a caller chose text. Amazon Connect waits 8 s, and asks again when it
 * is throttled: the same call is the same offer.
 */
export async function handler(event: unknown): Promise<OptInAnswer> {
  if (!made) {
    const { ingress, ports, settings, secret } = awsSurroundings();
    const numbers = settings.numbers.map(({ address }) => address);
    made = optIn(ingress, ports.settings, numbers, secret);
  }
  return made(event);
}
