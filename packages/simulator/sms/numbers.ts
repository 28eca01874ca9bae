import { createHash } from "node:crypto";
import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";

/** A number of the business. `self`: it answers STOP and HELP itself; `aws`: the carrier does. */
export interface BusinessNumber {
  readonly address: string;
  readonly optOut: "self" | "aws";
  readonly partsPerSecond: number;
}

/** A phone that asked not to be texted. */
export interface OptOut {
  readonly address: string;
  readonly at: number;
  readonly byThePhone: boolean;
}

/** The one opt-out list of the account. */
export const OPT_OUT_LIST = "Default";

/** The business's numbers and who opted out. */
export interface Numbers {
  /** By number, PhoneNumberId or ARN. */
  find(identity: string): BusinessNumber | undefined;
  all(): Iterable<BusinessNumber>;
  set(number: BusinessNumber): void;
  /** Takes what the options say, unless they say the same as before: then later changes by API stay. */
  declare(numbers: readonly BusinessNumber[]): void;
  optedOut(address: string): OptOut | undefined;
  optOut(address: string, byThePhone: boolean): OptOut;
  optIn(address: string): OptOut | undefined;
  optOuts(): Iterable<OptOut>;
  forgetOptOuts(): void;
}

/** The id AWS would give a number. */
export function phoneNumberId(address: string): string {
  return `phone-${createHash("sha256").update(address).digest("hex").slice(0, 32)}`;
}

/** Numbers and opt-outs, kept in the journal. */
export function numbers(journal: Journal): Numbers {
  const rows = table<BusinessNumber>(journal, "number");
  const declared = table<string>(journal, "declared-number");
  const out = table<OptOut>(journal, "opt-out");
  return {
    find(identity) {
      const plain = identity.slice(identity.lastIndexOf("/") + 1);
      const exact = rows.get(plain) ?? rows.get(`+${plain}`);
      if (exact) return exact;
      for (const number of rows.values())
        if (phoneNumberId(number.address) === plain) return number;
      return undefined;
    },
    all: () => rows.values(),
    set: (number) => rows.put(number.address, number),
    declare(given) {
      for (const number of given) {
        const said = JSON.stringify(number);
        if (declared.get(number.address) === said) continue;
        declared.put(number.address, said);
        rows.put(number.address, number);
      }
    },
    optedOut: (address) => out.get(address),
    optOut(address, byThePhone) {
      const record = { address, at: Date.now(), byThePhone };
      out.put(address, record);
      return record;
    },
    optIn(address) {
      const record = out.get(address);
      out.remove(address);
      return record;
    },
    optOuts: () => out.values(),
    forgetOptOuts: () => out.clear(),
  };
}
