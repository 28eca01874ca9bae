import { contactBook } from "../../packages/connect/book.ts";
import { participantClient } from "../../packages/connect/clients.ts";
import type { Draft } from "../../packages/events/event.ts";
import type { Ingress } from "../../packages/runtime/ingress.ts";
import { socketHolder } from "../../services/socket-holder/holder.ts";
import { soleLease } from "../../services/socket-holder/lease.ts";
import type { HolderOptions } from "../../services/socket-holder/options.ts";
import { fakeConnect } from "./fake-connect.ts";
import type { FakeChat } from "./fake-connect-model.ts";
import { keptValues } from "./kept-values.ts";

/** An ingress that lets every id in once and remembers the order. */
export function rememberingIngress(changed: () => void = () => {}) {
  const admitted: { readonly id: string; readonly draft: Draft }[] = [];
  const refuse = { next: 0 };
  let asked = 0;
  const ingress: Ingress = {
    async admit(_producer, id, draft) {
      asked += 1;
      await null;
      if (refuse.next-- > 0) throw new Error("the store is away");
      if (admitted.some((entry) => entry.id === id)) return "seen";
      admitted.push({ id, draft });
      queueMicrotask(changed);
      return "new";
    },
  };
  return { ingress, admitted, refuse, asked: () => asked };
}

/** What a test of the holder holds: a fake Connect, an ingress, and holders over one book. */
export async function holding(options: Partial<HolderOptions> = {}) {
  const fake = await fakeConnect();
  const remembered = rememberingIngress(fake.changed);
  const store = keptValues();
  const lines: string[] = [];
  const running: { stop: () => Promise<void> }[] = [];
  const log = (about: object, message: string) => {
    lines.push(JSON.stringify({ ...about, message }));
    queueMicrotask(fake.changed);
  };
  /** Opens a chat at the fake and in the book. */
  const chat = async (): Promise<FakeChat> => {
    const chat = fake.start();
    await contactBook(store).open({
      contactId: chat.contactId,
      conversationId: `c-${chat.contactId}`,
      participantToken: chat.participantToken,
    });
    return chat;
  };
  /** Starts a holder with a memory of its own, as another process would have. */
  const start = (own: Partial<HolderOptions> = {}) => {
    const stopping = new AbortController();
    const holder = socketHolder({
      participant: participantClient({ region: "us-west-2", endpoint: fake.endpoint }),
      book: contactBook(store),
      ingress: remembered.ingress,
      lease: soleLease,
      log: { info: log, warn: log },
      holdBackMs: 20,
      heartbeatMs: 200,
      connectsPerSecond: 10_000,
      connectsBurst: 10_000,
      // Ten times as fast as life: back-offs in tenths of a second.
      speed: 10,
      ...options,
      ...own,
    });
    const done = holder.run(stopping.signal);
    const started = {
      ...holder,
      async stop() {
        stopping.abort();
        await done;
      },
    };
    running.push(started);
    return started;
  };
  return {
    fake,
    store,
    lines,
    ...remembered,
    chat,
    start,
    /** Resolves when the chat has so many subscribed sockets. */
    sockets: (chat: FakeChat, count = 1) => fake.until(() => chat.sockets.size === count),
    /** Resolves when the chat has one socket and so many pages of its transcript were read. */
    listening: (chat: FakeChat, pages = 1) =>
      fake.until(() => chat.sockets.size === 1 && chat.pagesRead >= pages),
    /** Resolves with the texts once so many items were admitted. */
    async texts(count: number) {
      await fake.until(() => remembered.admitted.length >= count);
      return remembered.admitted.map(({ draft }) => wordsOf(draft));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map(({ stop }) => stop()));
      await fake[Symbol.asyncDispose]();
    },
  };
}

/** What was said, or else what happened. */
export const wordsOf = ({ type, data }: Draft): string =>
  (data as { readonly text?: string }).text ?? type;
