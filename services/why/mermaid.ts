import { duration } from "./duration.ts";
import { type Step, telling, type Why } from "./why.ts";

/** The tree as a Mermaid flowchart: what went wrong is red, what waits is dashed. */
export function mermaid({ steps }: Why): readonly string[] {
  const lines: string[] = [];
  let nodes = 0;

  function draw(step: Step, cause?: Step, parent?: string) {
    const name = `n${nodes++}`;
    const { says, text, faults, waiting, time } = step;
    const words = text === null ? says : `${says}: ${text}`;
    const head = cause ? "" : `${time.slice(11, 23)} `;
    lines.push(`  ${name}["${label(head + words)}"]${faults.length > 0 ? ":::fault" : ""}`);
    if (cause) {
      const after = duration(Date.parse(time) - Date.parse(cause.time));
      lines.push(`  ${parent} -->|${after}| ${name}`);
    }
    for (const line of waiting) {
      const later = `n${nodes++}`;
      lines.push(`  ${later}(["${label(line)}"]):::waiting`, `  ${name} -.-> ${later}`);
    }
    for (const next of step.ledTo.flatMap(telling)) draw(next, step, name);
  }
  for (const step of steps.flatMap(telling)) draw(step);
  return [
    "flowchart TD",
    "  classDef fault fill:#fdd,stroke:#b00,color:#600",
    "  classDef waiting stroke-dasharray:4 3",
    ...lines,
  ];
}

/** Everything that Mermaid could read as syntax or as HTML is spelt as an entity of its own. */
const label = (words: string): string =>
  words.replace(/[^\p{L}\p{N} .,:;!?()+/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
