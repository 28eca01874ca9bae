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

/** What leases are made of: `leases` of the DynamoDB package, or anything that keeps the same word. */
export interface SharedLeases {
  hold(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
}

/** Contacts shared among holders: each is held by whoever took its lease first and renews it in time. */
export const sharedLease = (leases: SharedLeases): Lease => ({
  holds: (contactId) => leases.hold(`chat/${contactId}`),
  release: (contactId) => leases.release(`chat/${contactId}`),
});
