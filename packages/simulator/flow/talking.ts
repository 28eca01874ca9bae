import { type ActionOf, on, text, whole, wrong } from "./action.ts";

/** Blocks that speak to the customer and hear an answer. */
export const talking: Readonly<Record<string, ActionOf>> = {
  MessageParticipant(parameters, contact) {
    const words = text(parameters.Text);
    // Channels other than voice take Text only; a prompt or SSML leads to the error branch.
    if (words === undefined) {
      const ssml = text(parameters.SSML);
      if (contact.channel === "CHAT" || ssml === undefined) return wrong;
      contact.say(ssml);
      return on;
    }
    contact.say(words);
    return on;
  },

  // The block behind "Loop prompts" takes its error branch for a chat.
  MessageParticipantIteratively(parameters, contact) {
    if (contact.channel === "CHAT" || !Array.isArray(parameters.Messages)) return wrong;
    for (const message of parameters.Messages) {
      const words = text(message?.Text);
      if (words !== undefined) contact.say(words);
    }
    const seconds = whole(parameters.InterruptFrequencySeconds);
    return seconds === undefined ? on : { went: "waiting", seconds };
  },

  GetParticipantInput(parameters, contact, memory) {
    const words = text(parameters.Text) ?? text(parameters.SSML);
    // Only calls press keys here; a chat would have to wait for the customer's next message.
    if (contact.channel === "CHAT" || words === undefined) return wrong;
    const pressed = contact.ask(words, whole(parameters.InputTimeLimitSeconds) ?? 5);
    if (pressed === undefined) return { went: "wrong", error: "InputTimeLimitExceeded" };
    if (parameters.StoreInput === "True") {
      memory.results.StoredCustomerInput = pressed;
      return on;
    }
    return { went: "with", value: pressed };
  },
};
