/** A card of either Lex: V1 spells the second line `subTitle`. */
export interface Card {
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
  readonly buttons?:
    | readonly { readonly text?: string | undefined; readonly value?: string | undefined }[]
    | undefined;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** What SSML says, without how it is to be said. A `<sub>` is read as what stands in it. */
export function withoutSsml(ssml: string): string {
  return ssml
    .replace(/<(?:break|p|s)\b[^>]*>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, " ")
    .trim();
}

/** A card as lines of text. A button says what to reply when that is not what is written on it. */
export function cardText({ title, subtitle, buttons = [] }: Card): string {
  const choices = buttons.map(({ text, value }) =>
    value && text && value !== text ? `- ${text} (reply ${value})` : `- ${text ?? value ?? ""}`,
  );
  return [title, subtitle, ...choices].filter((line) => line?.trim()).join("\n");
}

/** One message of either Lex as text for a phone. JSON for a program to read says nothing to a person. */
export function messageText(contentType: string | undefined, content: string): string {
  if (contentType === "SSML" || /^\s*<speak[\s>]/.test(content)) return withoutSsml(content);
  if (contentType === "CustomPayload" && isStructured(content)) return "";
  return content.trim();
}

function isStructured(content: string): boolean {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
