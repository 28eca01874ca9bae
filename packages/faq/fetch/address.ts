import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Why an address is not spoken to. */
export class PrivateAddress extends Error {
  constructor(host: string, address: string) {
    const where = host.includes(address) ? address : `${host} is at ${address}`;
    super(`${where}, which is not on the public internet; --allow-private lets it be read`);
    this.name = "PrivateAddress";
  }
}

/** Whether an address is one that everybody on the internet can reach: not loopback, not a private network, not a cloud's metadata. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `::ffff:10.0.0.1` is 10.0.0.1 in other letters.
  return ipaddr.process(address).range() === "unicast";
}

/** Throws where a host is an address itself, for which no name is looked up, and not a public one. */
export function checkLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(literal) && !isPublic(literal)) throw new PrivateAddress(hostname, literal);
}

/**
 * Looks a name up for a connection and hands on only what it checked: the address that is connected to
 * is the one that was looked at, so that a name which changes its mind in between gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const wrong = addresses.find(({ address }) => !isPublic(address));
    if (wrong) return callback(new PrivateAddress(hostname, wrong.address), "", 0);
    const [first] = addresses;
    if (options.all) return callback(null, addresses);
    if (first) callback(null, first.address, first.family);
  });
};
