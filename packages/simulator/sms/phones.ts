import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";

/** A text as the phone sees it: `in` is what it received. */
export interface PhoneText {
  readonly id: string;
  readonly phone: string;
  readonly number: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly at: number;
  readonly status: string;
}

/** What happens to texts sent to a phone. */
export const PHONE_KINDS = ["mobile", "landline", "off", "blocked"] as const;

export type PhoneKind = (typeof PHONE_KINDS)[number];

/** The phones of the world and their texts. */
export interface Phones {
  kind(phone: string): PhoneKind;
  setKind(phone: string, kind: PhoneKind): void;
  add(text: PhoneText): void;
  setStatus(id: string, status: string): void;
  of(phone: string): readonly PhoneText[];
  all(): Iterable<PhoneText>;
  /** Forgets texts, not what kind of phone each is. */
  forget(): void;
}

/** The phones, kept in the journal. */
export function phones(journal: Journal): Phones {
  const kinds = table<PhoneKind>(journal, "phone");
  const rows = table<PhoneText & { readonly seq: number }>(journal, "text");
  const byPhone = new Map<string, string[]>();
  let seq = 0;
  const index = (text: PhoneText) => {
    const ids = byPhone.get(text.phone);
    if (ids) ids.push(text.id);
    else byPhone.set(text.phone, [text.id]);
  };
  for (const text of [...rows.values()].sort((a, b) => a.seq - b.seq)) {
    index(text);
    seq = text.seq;
  }
  return {
    kind: (phone) => kinds.get(phone) ?? "mobile",
    setKind: (phone, kind) => kinds.put(phone, kind),
    add(text) {
      rows.put(text.id, { ...text, seq: ++seq });
      index(text);
    },
    setStatus(id, status) {
      const text = rows.get(id);
      if (text) rows.put(id, { ...text, status });
    },
    of: (phone) => (byPhone.get(phone) ?? []).flatMap((id) => rows.get(id) ?? []),
    all: () => rows.values(),
    forget() {
      rows.clear();
      byPhone.clear();
    },
  };
}
