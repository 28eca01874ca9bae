/**
 * Which of the open contacts this process holds the sockets of.
 *
 * One process holds them all; many holders share them by leases in the state store. The holder asks
 * again whenever it wakes, and closes what it no longer holds.
 */
export interface Lease {
  holds(contactId: string): Promise<boolean>;
  /** Gives a contact up, so that another holder may take it at once. */
  release(contactId: string): Promise<void>;
}

/** The only holder there is holds everything. */
export const soleLease: Lease = {
  holds: async () => true,
  release: async () => {},
};
