import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageOf, productSources, root, type Source, workspaceOf } from "./sources.ts";

const sources = productSources();
const ours = "@holdline/";

/** Which of our packages each may import. What is not named here adapts something to the runtime. */
const below: Record<string, readonly string[]> = {
  events: [],
  faq: [],
  runtime: ["events"],
  flows: [],
  peers: [],
  simulator: ["faq", "flows"],
  "lex-models": ["faq"],
  embedded: ["events", "faq", "runtime"],
  dynamodb: ["events", "faq", "runtime"],
};
const adapters = ["events", "runtime"];
/** What AWS runs follows from these. */
const deployed = ["services/pipeline.ts", "services/settings/index.ts"];
/** What is wanted where no client can be loaded has a door of its own. */
const doors = [
  "@holdline/eventbridge/pattern",
  "@holdline/channels/reading",
  "@holdline/connect/parts",
  "@holdline/kafka/options",
];

/** Files that import the thing itself and not its types alone, except those of the places that may. */
const sayers = (what: (from: string) => boolean, ...except: readonly string[]) =>
  sources
    .filter(({ path }) => !except.some((place) => path.startsWith(place)))
    .filter(({ imports }) => imports.some(({ from, typesOnly }) => !typesOnly && what(from)))
    .map(({ path }) => path);

/** A way round from a file to itself, where there is one. */
function roundTrip(all: readonly Source[]): readonly string[] {
  const next = new Map(
    all.map(({ path, imports }) => [
      path,
      imports.flatMap(({ file, typesOnly }) => (file && !typesOnly ? [file] : [])),
    ]),
  );
  const finished = new Set<string>();
  const walk = (path: string, way: readonly string[]): readonly string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (finished.has(path)) return [];
    for (const file of next.get(path) ?? []) {
      const found = walk(file, [...way, path]);
      if (found.length > 0) return found;
    }
    finished.add(path);
    return [];
  };
  for (const { path } of all) {
    const found = walk(path, []);
    if (found.length > 0) return found;
  }
  return [];
}

describe("imports", () => {
  it("go one way between packages: events, runtime, adapters, services", () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith("packages/"))
      .flatMap(({ path, imports }) => {
        const allowed = below[path.split("/")[1] ?? ""] ?? adapters;
        return imports
          .filter(({ from }) => from.startsWith(ours))
          .filter(({ from }) => !allowed.includes(from.slice(ours.length)))
          .map(({ from }) => `${path} imports ${from}`);
      });
    expect(wrong).toEqual([]);
  });

  it("name other packages and never reach into them", () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ from, file }) =>
            (file !== undefined && workspaceOf(file) !== workspaceOf(path)) ||
            (from.startsWith(ours) && from.split("/").length > 2 && !doors.includes(from)),
        )
        // Documents are generated from the services, and what AWS runs follows from the pipeline.
        .filter(({ file }) => !(path.startsWith("scripts/") && file?.startsWith("services/")))
        .filter(({ file }) => !(path.startsWith("stacks/") && deployed.includes(file ?? "")))
        .map(({ from }) => `${path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it("are of files that are there, by their whole name", () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file !== undefined && !existsSync(join(root, file)))
        .map(({ from }) => `${path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it("never go round in a circle", () => {
    expect(roundTrip(sources)).toEqual([]);
  });

  it("of node:sqlite are the embedded store's, the archive's, the stand-in's and those of the bare thing it is measured against", () => {
    const places = [
      "packages/embedded/",
      "packages/archive/",
      "packages/simulator/",
      "services/bench/",
    ];
    expect(sayers((from) => from === "node:sqlite", ...places)).toEqual([]);
  });

  it("of the AWS SDK are the adapters' and the programs'", () => {
    const adapting = [
      "channels",
      "bots",
      "connect",
      "dynamodb",
      "lex-models",
      "transports/eventbridge",
    ].map((name) => `packages/${name}/`);
    const programs = [
      ...["services/main.", "services/ports.live.ts", "services/socket-holder/"],
      ...["services/shared-state.ts", "services/archive-source.ts"],
      ...["services/aws-surroundings.ts", "services/aws-emulated/"],
    ];
    expect(
      sayers((from) => from.startsWith("@aws-sdk/"), ...adapting, ...programs, "services/bench/"),
    ).toEqual([]);
  });

  it("of kafkajs are the Kafka transport's, and those of the bare loop it is measured against", () => {
    const places = ["packages/transports/kafka/", "services/bench/"];
    expect(sayers((from) => from === "kafkajs", ...places)).toEqual([]);
  });

  it("of a stage know no AWS, no disk, no network and no clock", () => {
    const wrong = sources
      .filter(({ path, text }) => path.startsWith("services/") && /= stage\(/.test(text))
      .flatMap(({ path, imports, text }) => [
        ...imports
          .filter(({ from }) => from.startsWith("node:") || from.startsWith("@aws-sdk/"))
          .map(({ from }) => `${path} imports ${from}`),
        ...[/\bDate\.now\b/, /\bnew Date\(\)/, /\bMath\.random\b/, /\bprocess\./]
          .filter((form) => form.test(text))
          .map((form) => `${path} says ${form.source}`),
      ]);
    expect(wrong).toEqual([]);
  });
});

describe("each workspace", () => {
  const workspaces = [...new Set(sources.map(({ path }) => workspaceOf(path)))].filter((name) =>
    existsSync(join(root, name, "package.json")),
  );

  it.each(workspaces)("declares what its files import: %s", (workspace) => {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, workspace, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    const imported = sources
      .filter(({ path }) => workspaceOf(path) === workspace)
      // A benchmark may hold itself against what only the tests need.
      .filter(({ path }) => !path.startsWith("services/bench/"))
      .flatMap(({ imports }) => imports.map(({ from }) => from))
      .filter((from) => !from.startsWith(".") && !from.startsWith("node:"))
      .map(packageOf);
    const missing = [...new Set(imported)].filter((name) => !(name in dependencies));
    expect(missing).toEqual([]);
  });

  it.each(workspaces)("declares nothing that none of its files imports: %s", (workspace) => {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, workspace, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    const used = new Set(
      sources
        .filter(({ path }) => workspaceOf(path) === workspace)
        .flatMap(({ imports }) => imports.map(({ from }) => packageOf(from))),
    );
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  });
});
