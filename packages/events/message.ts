import * as z from "zod";
import { event } from "./event.ts";
import { instant, parties } from "./parties.ts";

/** A text of the customer's, as every stage after ingest sees it. */
const message = {
  ...parties,
  /** The carrier's id of the text. */
  messageId: z.string(),
  text: z.string(),
  sentAt: instant,
  attachments: z.array(z.object({ name: z.string(), contentType: z.string(), url: z.string() })),
};

/** One thing that was said, and by whom: what an agent is shown of the time before. */
export const turn = z.object({ speaker: z.enum(["customer", "bot"]), text: z.string() });

/** A customer's text was read. */
export const MessageReceived = event("message.received", message);

/** It was decided who hears a text: the bot, the agent, or nobody because it was a command to us. */
export const MessageClassified = event("message.classified", {
  ...message,
  route: z.enum(["bot", "agent", "nobody"]),
  /** kebab-case: `waiting`, `with-agent`, `stop`, `consent-given`, … */
  reason: z.string(),
  /** `bot` when a bot's answer came after the hand-over and goes to the agent as a note. */
  speaker: z.enum(["customer", "bot"]),
  /** The open contact, where there is one. */
  contactId: z.string().nullable(),
});

/** An agent took over from the bot. In the same stream as `message.classified`, so that nobody overtakes it. */
export const MessageHandedOver = event("message.handed-over", {
  ...parties,
  contactId: z.string(),
  agent: z.string(),
  /** Whether this is the first agent of the contact; a later one is shown only what no agent saw yet. */
  first: z.boolean(),
  turns: z.array(turn),
});
