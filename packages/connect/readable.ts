/**
 * The content of a message as a person with a plain phone would read it.
 *
 * Interactive templates and JSON become their titles and choices, one a line; what cannot be read
 * any better stays as it is, since a strange text is better than none.
 */
export function readable(contentType: string | null | undefined, content: string): string {
  if (!contentType || contentType.startsWith("text/")) return content;
  try {
    const lines = linesOf(JSON.parse(content));
    return lines.length > 0 ? lines.join("\n") : content;
  } catch {
    return content;
  }
}

// Interactive messages: {templateType, data: {content: {title, subtitle, elements: [{title, subtitle}]}}}
// (Connect's interactive message templates). Read by name at any depth, so that a new template reads well too.
const spoken = ["title", "subtitle", "text", "message", "description"] as const;
const inside = ["data", "content", "elements", "actions", "value"] as const;

function linesOf(value: unknown, depth = 0): string[] {
  if (depth > 6) return [];
  if (typeof value === "string") return value.trim() === "" ? [] : [value];
  if (Array.isArray(value))
    return value.map((entry) => linesOf(entry, depth + 1).join(": ")).filter((line) => line !== "");
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  return [
    ...spoken.flatMap((name) => (typeof fields[name] === "string" ? linesOf(fields[name]) : [])),
    ...inside.flatMap((name) => linesOf(fields[name], depth + 1)),
  ];
}
