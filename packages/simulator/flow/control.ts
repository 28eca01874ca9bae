import { type ActionOf, on, out, strings, text, whole, wrong } from "./action.ts";

const LONGEST_WAIT_SECONDS = 604_800;

/** Blocks that steer: branch, loop, wait, invoke, go elsewhere, end. */
export const control: Readonly<Record<string, ActionOf>> = {
  Compare(parameters) {
    // A value that is not there matches no condition.
    return { went: "with", value: String(parameters.ComparisonValue ?? "") };
  },

  Loop(parameters, _, memory, identifier) {
    const rounds = whole(parameters.LoopCount);
    if (rounds === undefined || rounds < 0 || rounds > 100) return wrong;
    const gone = memory.loops[identifier] ?? 0;
    if (gone < rounds) {
      memory.loops[identifier] = gone + 1;
      return { went: "with", value: "ContinueLooping" };
    }
    delete memory.loops[identifier];
    return { went: "with", value: "DoneLooping" };
  },

  Wait(parameters, contact) {
    // The documentation names it TimeoutSeconds, real exports TimeLimitSeconds: both are taken.
    const seconds = whole(parameters.TimeLimitSeconds ?? parameters.TimeoutSeconds);
    if (contact.channel !== "CHAT" || seconds === undefined) return wrong;
    if (seconds < 0 || seconds > LONGEST_WAIT_SECONDS) return wrong;
    return { went: "waiting", seconds };
  },

  async InvokeLambdaFunction(parameters, contact, memory) {
    const arn = text(parameters.LambdaFunctionARN);
    const limitSeconds = whole(parameters.InvocationTimeLimitSeconds ?? 8);
    const attributes = strings(parameters.LambdaInvocationAttributes ?? {});
    if (!arn || !attributes || !limitSeconds || limitSeconds < 1 || limitSeconds > 8) return wrong;
    const invoked = contact.invoke(arn, attributes, limitSeconds * 1000);
    if (parameters.InvocationType === "ASYNCHRONOUS") {
      invoked.catch(() => {});
      return on;
    }
    try {
      const answer = await invoked;
      const validation = parameters.ResponseValidation as { ResponseType?: unknown } | undefined;
      const isMap = answer !== null && typeof answer === "object" && !Array.isArray(answer);
      if (!isMap) return wrong;
      // STRING_MAP is the default: every value must be a string, or the error branch is taken.
      if (validation?.ResponseType !== "JSON" && !strings(answer)) return wrong;
      memory.results.External = answer;
      return on;
    } catch {
      return wrong;
    }
  },

  TransferToFlow(parameters, contact) {
    const flow = text(parameters.ContactFlowId);
    return flow && contact.knowsFlow(flow) ? { went: "elsewhere", flow } : wrong;
  },

  DisconnectParticipant(_, contact) {
    contact.disconnect();
    return out;
  },

  EndFlowExecution: () => out,
};
