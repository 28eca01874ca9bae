import { awsSurroundings } from "../aws-surroundings.ts";
import { type OfferStatus, offerStatus } from "./offer-status.ts";

let made: ReturnType<typeof offerStatus> | undefined;

/** What the flow of a caller in the queue invokes to learn whether the text has arrived or was answered. */
export async function handler(event: unknown): Promise<OfferStatus> {
  if (!made) {
    const { store, ports, settings, secret } = awsSurroundings();
    const numbers = settings.numbers.map(({ address }) => address);
    made = offerStatus(store, ports.settings, numbers, secret);
  }
  return made(event);
}
