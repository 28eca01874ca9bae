import { errorNamed, faultName, type Operation } from "../http/operation.ts";
import { BUSINESS_NUMBER } from "../identity.ts";
import type { Carrier } from "../sms/carrier.ts";
import type { Numbers } from "../sms/numbers.ts";
import type { Phones } from "../sms/phones.ts";
import { fineNow } from "../tokens.ts";
import type { World } from "../world.ts";
import type { Calls } from "./call.ts";
import { ControlError } from "./control-error.ts";
import type { ControlRoutes } from "./door.ts";
import { bodies, fitting, Name, Phone } from "./requests.ts";

const CONNECTION_FAULTS = ["timeout", "reset-after", "reset-before"];
// A landline gets texts too, only they never arrive; its owner sees none of those.
const NOT_RECEIVED = new Set(["INVALID", "CARRIER_BLOCKED", "UNREACHABLE"]);

/** The calls that play customers and the world around: phones, calls, functions, faults. */
export function worldCalls(parts: {
  readonly world: World;
  readonly numbers: Numbers;
  readonly phones: Phones;
  readonly carrier: Carrier;
  readonly calls: Calls;
  readonly operations: readonly Operation[];
  readonly dropSockets: () => void;
  readonly reset: () => void;
}): ControlRoutes {
  const { world, numbers, phones, carrier, calls, operations } = parts;
  const numberFor = (address: string | undefined) => {
    const number = address ? numbers.find(address) : [...numbers.all()][0];
    if (!number)
      throw new ControlError(
        400,
        `${address ?? "no number"} is not a number of the business`,
        `Use one of ${[...numbers.all()].map((each) => each.address).join(", ")}.`,
      );
    return number;
  };
  const known = (name: string, member: string): Operation => {
    // The participant service's SendMessage comes before that of SQS, which is named in full: sqs.SendMessage.
    const operation = operations.find((each) => each.name === name || faultName(each) === name);
    if (!operation)
      throw new ControlError(
        400,
        `${member}: there is no operation ${name}`,
        `Use one of ${operations.map((each) => each.name).join(", ")}.`,
      );
    return operation;
  };
  return {
    "GET /_sim/health": () => ({ ok: true }),

    "POST /_sim/calls": ({ body }) => {
      const made = fitting(bodies.call, body, "call");
      if (!world.queues.settings(made.queue)) world.queues.set({ name: made.queue, hours: "open" });
      const to = made.to ?? [...numbers.all()][0]?.address ?? BUSINESS_NUMBER;
      return calls.make({ ...made, to, press: made.press ?? undefined });
    },

    "GET /_sim/calls/{contactId}": ({ path }) => calls.state(path.contactId ?? ""),

    "POST /_sim/calls/{contactId}/hang-up": ({ path, body }) => {
      fitting(bodies.nothing, body, "body");
      return calls.hangUp(path.contactId ?? "");
    },

    "POST /_sim/phones/{e164}/texts": ({ path, body }) => {
      const phone = fitting(Phone, path.e164, "phone");
      const { text, to } = fitting(bodies.text, body, "text");
      const { id, at } = carrier.receive(phone, numberFor(to), text);
      return { id, at: new Date(at).toISOString() };
    },

    "GET /_sim/phones/{e164}/texts": ({ path }) =>
      phones
        .of(fitting(Phone, path.e164, "phone"))
        .filter(({ status }) => !NOT_RECEIVED.has(status))
        .map(({ direction, text, at, status, number }) => ({
          direction,
          text,
          at: new Date(at).toISOString(),
          status,
          number,
        })),

    "PUT /_sim/phones/{e164}": ({ path, body }) => {
      const phone = fitting(Phone, path.e164, "phone");
      const { kind } = fitting(bodies.phone, body, "phone");
      phones.setKind(phone, kind);
      return { phone, kind };
    },

    "GET /_sim/functions": () => world.functions.list(),

    "PUT /_sim/functions/{name}": ({ path, body }) =>
      world.functions.register(
        fitting(Name, path.name, "name"),
        fitting(bodies.function, body, "function").url,
      ),

    "GET /_sim/faults": () => shownFaults(world),

    "POST /_sim/faults": ({ body }) => {
      const asked = fitting(bodies.faults, body, "faults");
      const { dropSockets, throttle, delayMs, duplicate, reorder, expireTokens, fail } = asked;
      const slow =
        typeof throttle === "object" && throttle.operation !== undefined
          ? { ...throttle, operation: faultName(known(throttle.operation, "throttle.operation")) }
          : throttle;
      const failing = fail && known(fail.operation, "fail.operation");
      if (fail && failing) {
        const { service } = failing;
        if (!CONNECTION_FAULTS.includes(fail.error) && !errorNamed(service, fail.error))
          throw new ControlError(
            400,
            `fail.error: ${fail.operation} has no error ${fail.error}`,
            `Use ${CONNECTION_FAULTS.join(", ")}, or one of ${Object.keys(service.errors).join(", ")}.`,
          );
      }
      const { throttle: throttleNow, tokensIssuedAfter: tokensNow, ...now } = world.faults.now;
      const throttled = slow === true ? {} : slow === undefined ? throttleNow : slow;
      const tokens = expireTokens === undefined ? tokensNow : expireTokens && fineNow();
      world.faults.set({
        ...now,
        ...(delayMs !== undefined && { delayMs }),
        ...(duplicate !== undefined && { duplicate }),
        ...(reorder !== undefined && { reorder }),
        ...(throttled && { throttle: throttled }),
        ...(tokens && { tokensIssuedAfter: tokens }),
        ...(fail && failing && { fail: { ...fail, operation: faultName(failing) } }),
      });
      if (dropSockets) parts.dropSockets();
      return shownFaults(world);
    },

    "DELETE /_sim/faults": () => {
      world.faults.clear();
      return shownFaults(world);
    },

    "POST /_sim/reset": ({ body }) => {
      fitting(bodies.nothing, body, "body");
      parts.reset();
      return { ok: true };
    },
  };
}

function shownFaults({ faults }: World) {
  const { throttle, delayMs, duplicate, reorder, tokensIssuedAfter, fail } = faults.now;
  return {
    throttle: throttle && Object.keys(throttle).length === 0 ? true : (throttle ?? false),
    delayMs: delayMs ?? 0,
    duplicate: duplicate ?? false,
    reorder: reorder ?? false,
    expireTokens: tokensIssuedAfter !== undefined,
    fail: fail ?? null,
  };
}
