import { contactBook } from "@holdline/connect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { letIn } from "../../../services/doors/batch.ts";
import { standingOf, streamingReceiver } from "../../../services/doors/streaming.ts";
import { noCounts } from "../../../services/socket-holder/options.ts";
import { receiver, reception } from "../../../services/socket-holder/receiver.ts";
import { rememberingIngress } from "../../support/holding.ts";
import { keptValues } from "../../support/kept-values.ts";

const contactId = "4a573372-1f28-4e26-b97b-000000000001";
const conversationId = "c-1";
const start = Date.parse("2026-01-01T00:00:00.000Z");
const prefix = "application/vnd.amazonaws.connect.event.";

interface Item {
  readonly Id: string;
  readonly AbsoluteTime: string;
  readonly Type: string;
  readonly ContentType: string;
  readonly Content?: string;
  readonly DisplayName?: string;
  readonly ParticipantRole?: string;
}

const saying = fc.constantFrom<Omit<Item, "Id" | "AbsoluteTime">>(
  {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "Hello",
    DisplayName: "Maria",
    ParticipantRole: "AGENT",
  },
  {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "ok",
    DisplayName: "+1",
    ParticipantRole: "CUSTOMER",
  },
  {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "##QUEUE## state=WAITING position=3 size=9 oldest=42",
    DisplayName: "SYSTEM_MESSAGE",
    ParticipantRole: "SYSTEM",
  },
  {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "##QUEUE## nonsense",
    DisplayName: "SYSTEM_MESSAGE",
    ParticipantRole: "SYSTEM",
  },
  {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "##QUEUE## state=CLOSED",
    DisplayName: "Maria",
    ParticipantRole: "AGENT",
  },
  {
    Type: "EVENT",
    ContentType: `${prefix}participant.joined`,
    DisplayName: "Maria",
    ParticipantRole: "AGENT",
  },
  {
    Type: "EVENT",
    ContentType: `${prefix}participant.left`,
    DisplayName: "Maria",
    ParticipantRole: "AGENT",
  },
  { Type: "EVENT", ContentType: `${prefix}typing`, DisplayName: "Maria", ParticipantRole: "AGENT" },
);
const chat = fc.array(saying, { maxLength: 12 }).map((sayings) => {
  const items: Item[] = sayings.map((one, n) => ({
    ...one,
    Id: `item-${n}`,
    AbsoluteTime: new Date(start + n * 7).toISOString(),
  }));
  const end = { Type: "EVENT", ContentType: `${prefix}chat.ended` };
  return [
    ...items,
    { ...end, Id: "end", AbsoluteTime: new Date(start + items.length * 7).toISOString() },
  ];
});

/** What a socket of the chat brings becomes, held back until all of it is there. */
async function overTheSocket(items: readonly Item[]) {
  const { ingress, admitted } = rememberingIngress();
  const over = Promise.withResolvers<void>();
  const ears = receiver({
    ...{ ingress, book: contactBook(keptValues()), counts: noCounts(), holdBackMs: 20 },
    log: { info() {}, warn() {} },
    ended: () => over.resolve(),
    givingUp: new AbortController().signal,
  });
  const heard = { lastItemId: null, lastItemAt: null, queued: false, withAgent: false };
  const to = reception(contactId, conversationId, heard);
  for (const item of items) ears.hear(to, item);
  await over.promise;
  ears.stop();
  return admitted;
}

const record = (item: Item, n: number) => ({
  messageId: `m-${n}`,
  body: JSON.stringify({
    Type: "Notification",
    Message: JSON.stringify({ ...item, InitialContactId: contactId, ContactId: contactId }),
    Timestamp: new Date().toISOString(),
  }),
  attributes: { SentTimestamp: `${Date.now()}` },
});

/** What SNS brings of the chat becomes: in batches, side by side, as functions see it. */
async function streamedIn(batches: readonly (readonly Item[])[]) {
  const { ingress, admitted } = rememberingIngress();
  const store = keptValues();
  const book = contactBook(store);
  await book.open({ contactId, conversationId, participantToken: "t", heardBy: "streaming" });
  const arrive = streamingReceiver({ book, ingress, odd() {} });
  let n = 0;
  const answers = await Promise.all(
    batches.map((batch) =>
      letIn(
        batch.map((item) => record(item, n++)),
        {
          ...{ store, standing: standingOf, arrive, holdBackMs: 20 },
          failed(error) {
            throw error;
          },
        },
      ),
    ),
  );
  for (const { batchItemFailures } of answers) expect(batchItemFailures).toEqual([]);
  return admitted;
}

describe("the two receivers", () => {
  it("say the same of the same chat, however SNS shuffles and doubles it", async () => {
    await fc.assert(
      fc.asyncProperty(
        chat.chain((items) =>
          fc.record({
            items: fc.constant(items),
            order: fc.shuffledSubarray([...items, ...items], {
              minLength: items.length * 2,
              maxLength: items.length * 2,
            }),
            cut: fc.integer({ min: 1, max: 5 }),
          }),
        ),
        async ({ items, order, cut }) => {
          const batches = Array.from({ length: Math.ceil(order.length / cut) }, (_, n) =>
            order.slice(n * cut, n * cut + cut),
          );
          const [socket, streaming] = await Promise.all([
            overTheSocket(items),
            streamedIn(batches),
          ]);
          expect(streaming).toEqual(socket);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it("leave what is said of a contact that is not in the book yet for later", async () => {
    const { ingress, admitted } = rememberingIngress();
    const store = keptValues();
    const arrive = streamingReceiver({ book: contactBook(store), ingress, odd() {} });
    const item: Item = {
      ...{ Id: "i", AbsoluteTime: new Date(start).toISOString(), Type: "MESSAGE" },
      ...{ ContentType: "text/plain", Content: "Hello", ParticipantRole: "AGENT" },
    };
    const answer = await letIn([record(item, 0)], {
      ...{ store, standing: standingOf, arrive, holdBackMs: 1, failed() {} },
    });
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m-0" }]);
    expect(admitted).toEqual([]);
  });

  it("let what is too large to keep go straight to whoever puts it aside", async () => {
    const store = keptValues();
    const arrived: number[] = [];
    const large = { ...record({ Id: "i" } as Item, 0), body: "€".repeat(30_000) };
    const answer = await letIn([large], {
      ...{ store, standing: standingOf, holdBackMs: 1, failed() {} },
      arrive: async (body) => void arrived.push(body.length),
    });
    expect(answer.batchItemFailures).toEqual([]);
    expect(arrived).toEqual([30_000]);
    expect(await store.keptUnder("")).toEqual([]);
  });

  it("are not stopped by what is not Connect's", async () => {
    const odd: string[] = [];
    const { ingress } = rememberingIngress();
    const arrive = streamingReceiver({
      ...{ ingress, book: contactBook(keptValues()) },
      odd: (_, message) => odd.push(message),
    });
    for (const body of ["not JSON {", "{}", '{"Message":"{}","Timestamp":"x"}', '{"Message":"1"}'])
      await arrive(body);
    expect(odd).toHaveLength(4);
  });
});
