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
  /** The contact is listened to: a holder that has offered it may stop. */
  ready(contactId: string): Promise<void>;
  /** Offers everything to the other holders; false when there is none. */
  offer(): Promise<boolean>;
  /** Which of these another holder listens to by now. */
  taken(contactIds: readonly string[]): Promise<readonly string[]>;
}

/** The only holder there is holds everything. */
export const soleLease: Lease = {
  holds: async () => true,
  release: async () => {},
  ready: async () => {},
  offer: async () => false,
  taken: async () => [],
};

/** What leases are made of: `leases` of the DynamoDB package, or anything that keeps the same word. */
export interface SharedLeases {
  hold(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  ready(name: string): Promise<void>;
  offer(): Promise<boolean>;
  taken(names: readonly string[]): Promise<readonly string[]>;
}

const prefix = "chat/";

/** Contacts shared among holders: each is held by whoever took its lease first and renews it in time. */
export const sharedLease = (leases: SharedLeases): Lease => ({
  holds: (contactId) => leases.hold(`${prefix}${contactId}`),
  release: (contactId) => leases.release(`${prefix}${contactId}`),
  ready: (contactId) => leases.ready(`${prefix}${contactId}`),
  offer: leases.offer,
  taken: async (contactIds) =>
    (await leases.taken(contactIds.map((contactId) => `${prefix}${contactId}`))).map((name) =>
      name.slice(prefix.length),
    ),
});
