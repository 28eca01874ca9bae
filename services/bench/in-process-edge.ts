import type { Ports } from "../ports.ts";
import type { SettingsPort } from "../settings/index.ts";

/** A carrier, a bot and a contact centre that answer at once, in this process: what is left is ours. */
export function inProcessEdge(settings: SettingsPort): Ports {
  let carried = 0;
  let opened = 0;
  return {
    settings,
    channel: () => ({
      name: "sms-aws",
      read: (raw) => JSON.parse(raw),
      readReceipt: () => {
        throw new Error("no receipts here");
      },
      fit: (text) => [text],
      segments: () => 1,
      send: async () => ({ accepted: true, carrierId: `m-${++carried}`, segments: 1 }),
    }),
    bot: () => ({
      name: "bench",
      ask: async () => ({
        answered: true,
        intent: "Bench",
        score: 1,
        text: "This is what the bot says to every text that comes in.",
      }),
    }),
    contacts: {
      open: async () => ({ opened: true, contactId: `contact-${++opened}` }),
      say: async () => ({ sent: true, itemId: "item" }),
      leave: async () => {},
      fit: (text) => [text],
    },
  };
}
