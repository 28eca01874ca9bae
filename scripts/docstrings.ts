/** A docstring's words in one line. */
export const inOneLine = (comment: string): string =>
  comment
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\s+/g, " ")
    .trim();

const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export const |readonly )?(\w+)\??(?::|,| =)/g;

/** What the docstrings of a source say of its fields and constants, by name. */
export function notesIn(source: string): ReadonlyMap<string, string> {
  const notes = [...source.matchAll(documented)];
  return new Map(notes.map(([, comment = "", name = ""]) => [name, inOneLine(comment)]));
}

/** As much of JSON schema as our schemas turn into. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** What a value may be, in a few words. */
export function kindOf(schema: JsonSchema): string {
  const { type, items, properties, pattern, anyOf, oneOf } = schema;
  const among = anyOf ?? oneOf;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (among) return [...new Set(among.map(kindOf))].join(" or ");
  if (Array.isArray(type)) return type.join(" or ");
  if (type === "array") return `list of ${items ? kindOf(items) : "anything"}`;
  if (properties) return `{ ${Object.keys(properties).join(", ")} }`;
  if (pattern?.startsWith("^\\d{4}-")) return "time";
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const range = maximum < Number.MAX_SAFE_INTEGER ? ` from ${minimum} to ${maximum}` : "";
  return `${String(type ?? "anything")}${range}`;
}

/** A Markdown table. Upright strokes in cells would end them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
