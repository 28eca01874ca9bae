import { readFileSync } from "node:fs";

/** The lines of a Dockerfile that make one of its targets: its own, and those of what it comes from. Throws where it has none. */
export function imageLines(file: string, target: string): readonly string[] {
  const stages = new Map(
    readFileSync(file, "utf8")
      .split(/^(?=FROM )/m)
      .map((stage) => [/^FROM \S+ AS (\S+)/.exec(stage)?.[1], stage.split("\n")] as const),
  );
  const made = (name: string): readonly string[] => {
    const lines = stages.get(name) ?? [];
    const from = lines.flatMap((line) => /^(?:FROM |COPY --from=)(\S+)/.exec(line)?.[1] ?? []);
    return [...lines, ...from.filter((one) => stages.has(one)).flatMap(made)];
  };
  const lines = made(target);
  if (lines.length === 0) throw new Error(`${file} has no target ${target}`);
  return lines;
}
