import { table } from "../journal/table.ts";
import type { World } from "../world.ts";
import type { Carrier, Outbound } from "./carrier.ts";
import { priceOf } from "./carrier.ts";
import type { Numbers } from "./numbers.ts";
import { partsOf } from "./parts.ts";

/** How a send came out, before it is worded for one API or the other. */
export type Sent =
  | { readonly sent: string }
  | { readonly refused: "opted-out" | "throttled" | "spent" };

/** The rules that both SMS APIs send by: opt-outs, pace, money. */
export interface Outgoing {
  send(outbound: Outbound): Sent;
  /** Says whether it would be sent, and sends nothing. */
  rehearse(outbound: Outbound): Sent;
}

// "1 message per second to a single recipient", and not adjustable.
const PER_RECIPIENT_PER_SECOND = 1;

/** Sends through the carrier what the rules allow. */
export function outgoing(
  world: World,
  numbers: Numbers,
  carrier: Carrier,
  spendLimitUsd: number | undefined,
): Outgoing {
  const spent = table<number>(world.journal, "spent-usd");
  const allowed = ({ from, to, text }: Outbound): Sent | undefined => {
    // A number that manages opt-outs itself is not refused by the list.
    if (from.optOut === "aws" && numbers.optedOut(to)) return { refused: "opted-out" };
    const price = priceOf(partsOf(text).count);
    if (spendLimitUsd !== undefined && (spent.get("month") ?? 0) + price > spendLimitUsd)
      return { refused: "spent" };
    return undefined;
  };
  return {
    rehearse: (outbound) => allowed(outbound) ?? { sent: "dry-run" },
    send(outbound) {
      const no = allowed(outbound);
      if (no) return no;
      const { count } = partsOf(outbound.text);
      const { address, partsPerSecond } = outbound.from;
      if (
        !world.quotas.take(
          `sms/recipient/${outbound.to}`,
          PER_RECIPIENT_PER_SECOND,
          PER_RECIPIENT_PER_SECOND,
        ) ||
        !world.quotas.take(`sms/number/${address}`, partsPerSecond, partsPerSecond, count)
      )
        return { refused: "throttled" };
      if (spendLimitUsd !== undefined)
        spent.put("month", (spent.get("month") ?? 0) + priceOf(count));
      return { sent: carrier.deliver(outbound) };
    },
  };
}
