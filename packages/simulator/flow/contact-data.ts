import { type ActionOf, on, strings, text, whole, wrong } from "./action.ts";

// Connect allows one hook in each block, of these.
const HOOKS = new Set([
  "AgentHold",
  "AgentWhisper",
  "CustomerHold",
  "CustomerQueue",
  "CustomerRemaining",
  "CustomerWhisper",
  "DefaultAgentUI",
  "DisconnectAgentUI",
  "PauseContact",
  "ResumeContact",
]);

/** Blocks that change what is known of the contact. */
export const contactData: Readonly<Record<string, ActionOf>> = {
  UpdateContactAttributes(parameters, contact) {
    const attributes = strings(parameters.Attributes);
    return attributes && contact.setAttributes(attributes) ? on : wrong;
  },

  UpdateContactEventHooks(parameters, contact) {
    const hooks = Object.entries(strings(parameters.EventHooks) ?? {});
    const [hook] = hooks;
    if (!hook || hooks.length !== 1 || !HOOKS.has(hook[0])) return wrong;
    return contact.setHook(hook[0], hook[1]) ? on : wrong;
  },

  UpdateContactData(parameters, contact) {
    const code = text(parameters.LanguageCode);
    if (code) contact.setLanguage(code);
    return on;
  },

  UpdateContactRoutingBehavior(parameters, contact) {
    // "Cannot be specified if QueuePriority is specified": https://docs.aws.amazon.com/connect/latest/APIReference/contact-actions-updatecontactroutingbehavior.html
    const priority = whole(parameters.QueuePriority);
    const ageSeconds = whole(parameters.QueueTimeAdjustmentSeconds);
    if ((priority === undefined) === (ageSeconds === undefined)) return wrong;
    if (priority !== undefined) {
      if (priority < 1) return wrong;
      contact.setRouting({ priority });
    } else if (ageSeconds !== undefined) contact.setRouting({ ageSeconds });
    return on;
  },

  UpdateFlowLoggingBehavior: () => on,
};
