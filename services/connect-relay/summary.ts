import type { DataOf, MessageHandedOver } from "@holdline/events";

/** One Connect message: what fits is the newest. */
const mostCharacters = 1_024;

const title = "[Before you joined, newest first]";

/** What customer and bot said before an agent came, in one tidy message, newest first. */
export function summary(turns: DataOf<typeof MessageHandedOver>["turns"]): string {
  const lines: string[] = [title];
  let length = title.length;
  for (const { speaker, text } of [...turns].reverse()) {
    const line = `${speaker === "bot" ? "Bot" : "Customer"}: ${text.replace(/\s+/g, " ")}`;
    if (length + 1 + line.length > mostCharacters) break;
    lines.push(line);
    length += 1 + line.length;
  }
  return lines.join("\n");
}
