import { setTimeout as sleep } from "node:timers/promises";
import { contactBook, participantClient } from "@holdline/connect";
import { embedded } from "@holdline/embedded";
import { commitIsPublish, ingress } from "@holdline/runtime";
import { type HolderOptions, socketHolder, soleLease } from "../socket-holder/index.ts";
import { abreast } from "./sockets-abreast.ts";
import type { Contender, Terms } from "./sockets-contender.ts";
import { tokenOf } from "./sockets-token.ts";

type Participant = HolderOptions["participant"];

/** Our own: the holder as it runs, with its book, its store and its door on disk. Only the quota is off. */
export const holderContender = (terms: Terms): Promise<Contender> =>
  holding("holder", terms, participantClient({ region: "us-west-2", endpoint: terms.endpoint }));

/** The same without the AWS client: what it asks for is answered in the process. */
export function holderAlone(terms: Terms): Promise<Contender> {
  let given = 0;
  const connectionToken = "c".repeat(400);
  const send = async ({ input }: { readonly input: object }) => {
    await new Promise((wake) => setImmediate(wake));
    if (!("ParticipantToken" in input)) return { Transcript: [] };
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    return {
      Websocket: { Url: terms.urls[given++], ConnectionExpiry: inAnHour },
      ConnectionCredentials: { ConnectionToken: connectionToken, Expiry: inAnHour },
    };
  };
  return holding("holder alone", terms, { send } as unknown as Participant);
}

async function holding(
  name: string,
  { chats, folder, heartbeatMs }: Terms,
  participant: Participant,
): Promise<Contender> {
  const { store } = await embedded({ folder });
  const ignore = () => {};
  const holder = socketHolder({
    participant,
    book: contactBook(store),
    ingress: ingress(store, commitIsPublish(store), { now: () => new Date() }),
    lease: soleLease,
    log: { info: ignore, warn: ignore },
    heartbeatMs,
    // Six a second, the quota of an instance, would make ten thousand of them half an hour.
    takeTurn: async () => 0,
  });
  return {
    async open(say) {
      void holder.run(new AbortController().signal);
      for (let told = 0; ; ) {
        const { open, transcripts } = holder.stats();
        if (open === chats && transcripts >= chats) return;
        if (open >= told + 1_000) {
          told = open - (open % 1_000);
          say(`${name}: ${told} of ${chats} connected`);
        }
        await sleep(20);
      }
    },
    counts() {
      const { open, lost, admitted } = holder.stats();
      return { open, missed: lost, heard: admitted };
    },
  };
}

/** Opens chats in the book of a data folder, as the pipeline does before the holder hears of them. */
export async function openInBook(folder: string, chats: number): Promise<void> {
  const { store, close } = await embedded({ folder });
  const book = contactBook(store, { remembered: 0 });
  const open = async () => {
    const contactId = crypto.randomUUID();
    const conversationId = crypto.randomUUID();
    await book.open({ contactId, conversationId, participantToken: tokenOf(contactId) });
  };
  await abreast(chats, 500, open, () => {});
  await close();
}
