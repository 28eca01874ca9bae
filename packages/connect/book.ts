import type { StateStore } from "@holdline/runtime";

/** A contact as StartChatContact answered it. Written once, when it is opened. */
export interface OpenedContact {
  /** Connect's InitialContactId: a transfer gives the chat another ContactId, never another one of these. */
  readonly contactId: string;
  /** The key of the conversation the contact belongs to. */
  readonly conversationId: string;
  /** Valid as long as the participant is (StartChatContact's documentation). */
  readonly participantToken: string;
  /** What hears the contact; a socket where nothing else is said. Stays as it is until the contact ends. */
  readonly heardBy?: HeardBy;
}

/** What hears a contact: a socket of ours, Connect's message streaming, or both at once. */
export type HeardBy = "socket" | "streaming" | "both";

/** How far a contact has been heard. Only the receiver writes it, and only after what it heard is durable. */
export interface HeardSoFar {
  readonly lastItemId: string | null;
  readonly lastItemAt: string | null;
  /** A queue marker has been heard: the next one is a move, not an entry. */
  readonly queued: boolean;
  /** An agent is in the chat: such contacts get their socket back first. */
  readonly withAgent: boolean;
}

/** What SendMessage and GetTranscript want as bearer; valid for a day, whatever the chat's duration. */
export interface ConnectionCredentials {
  readonly connectionToken: string;
  readonly expires: string;
}

/** An open contact as a listing shows it: without anything secret. */
export interface ListedContact extends HeardSoFar {
  readonly contactId: string;
  readonly heardBy: HeardBy;
  readonly conversationId: string;
}

/** The only place where credentials of contacts live. Nothing in it is ever logged or put into an event. */
export interface ContactBook {
  /** Repeating it is harmless: it does not touch how far the contact was heard. */
  open(contact: OpenedContact): Promise<void>;
  /** Nothing when the contact is not open, or not any more. */
  of(contactId: string): Promise<OpenedContact | undefined>;
  heard(contactId: string): Promise<HeardSoFar>;
  advance(contactId: string, heard: HeardSoFar): Promise<void>;
  credentials(contactId: string): Promise<ConnectionCredentials | undefined>;
  entrust(contactId: string, credentials: ConnectionCredentials): Promise<void>;
  /** The contact is over: everything about it is forgotten, but whose it was where streaming heard it. */
  end(contactId: string): Promise<void>;
  /** Whose a contact was that is over: what SNS brings late is still somebody's. */
  conversationOfOver(contactId: string): Promise<string | undefined>;
  all(): Promise<readonly ListedContact[]>;
}

const nothingHeard: HeardSoFar = {
  lastItemId: null,
  lastItemAt: null,
  queued: false,
  withAgent: false,
};

// Three values per contact and one writer for each: who opens, who listens, who speaks. One value
// for all three would let the speaker's refreshed token put back an old cursor, or bring an ended
// contact back to life.
const openedUnder = "contact/";
const heardUnder = "contact-heard/";
const credentialsUnder = "contact-credentials/";
const overUnder = "contact-over/";

/**
 * Keeps open contacts in the state store.
 *
 * `remembered` bounds how many contacts' tokens are held in memory to spare reads. Staleness is
 * harmless: an ended contact is refused by Connect with a 403, an old token too.
 */
export function contactBook(
  store: Pick<StateStore, "keep" | "kept" | "forget" | "keptUnder">,
  { remembered = 1_000 }: { readonly remembered?: number } = {},
): ContactBook {
  const opened = recent<OpenedContact>(remembered);
  const tokens = recent<ConnectionCredentials>(remembered);

  const read = async <Value>(name: string): Promise<Value | undefined> => {
    const value = await store.kept(name);
    return value === undefined ? undefined : (JSON.parse(value) as Value);
  };
  const heard = async (contactId: string) =>
    (await read<HeardSoFar>(heardUnder + contactId)) ?? nothingHeard;

  return {
    async open(contact) {
      await store.keep(openedUnder + contact.contactId, JSON.stringify(contact));
      opened.put(contact.contactId, contact);
    },
    async of(contactId) {
      const contact = opened.of(contactId) ?? (await read<OpenedContact>(openedUnder + contactId));
      if (contact) opened.put(contactId, contact);
      return contact;
    },
    heard,
    async advance(contactId, heard) {
      await store.keep(heardUnder + contactId, JSON.stringify(heard));
    },
    async credentials(contactId) {
      const credentials =
        tokens.of(contactId) ?? (await read<ConnectionCredentials>(credentialsUnder + contactId));
      if (credentials) tokens.put(contactId, credentials);
      return credentials;
    },
    async entrust(contactId, credentials) {
      await store.keep(credentialsUnder + contactId, JSON.stringify(credentials));
      tokens.put(contactId, credentials);
    },
    conversationOfOver: (contactId) => store.kept(overUnder + contactId),
    async end(contactId) {
      const contact = await read<OpenedContact>(openedUnder + contactId);
      if (contact && (contact.heardBy ?? "socket") !== "socket")
        await store.keep(overUnder + contactId, contact.conversationId);
      opened.drop(contactId);
      tokens.drop(contactId);
      // The contact itself goes last: as long as it is listed somebody comes back to forget the rest.
      await store.forget(credentialsUnder + contactId);
      await store.forget(heardUnder + contactId);
      await store.forget(openedUnder + contactId);
      opened.drop(contactId);
      tokens.drop(contactId);
    },
    async all() {
      const heardOf = new Map(
        (await store.keptUnder(heardUnder)).map(({ name, value }) => [
          name.slice(heardUnder.length),
          JSON.parse(value) as HeardSoFar,
        ]),
      );
      return (await store.keptUnder(openedUnder)).map(({ value }) => {
        const opened = JSON.parse(value) as OpenedContact;
        const { contactId, conversationId, heardBy = "socket" } = opened;
        return { contactId, conversationId, heardBy, ...(heardOf.get(contactId) ?? nothingHeard) };
      });
    },
  };
}

/** The last few values asked for, and no more: thousands of tokens would outweigh the sockets they open. */
function recent<Value>(limit: number) {
  const values = new Map<string, Value>();
  return {
    of: (name: string) => values.get(name),
    put(name: string, value: Value) {
      values.delete(name);
      values.set(name, value);
      if (values.size <= limit) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
    drop: (name: string) => values.delete(name),
  };
}
