import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importArchive, openArchive, openHistory, verifyArchive } from "@holdline/archive";
import type { Event, EventType } from "@holdline/events";
import * as declared from "@holdline/events";
import { type Change, differing, type Run } from "@holdline/replay";
import { describe, expect, it } from "vitest";
import { configuredPipeline } from "../../services/pipeline.ts";
import { recordedPorts } from "../../services/ports.recorded.ts";
import { rerunAll } from "../../services/replay/rerun-all.ts";
import { openSource } from "../../services/replay/source.ts";
import { loadSettings, settingsPort } from "../../services/settings/index.ts";
import { ownFolder } from "../support/folder.ts";

const folder = join(import.meta.dirname, "golden");
const settingsFile = join(folder, "settings.json");

/**
 * Archives that were written once and are read for ever. None of these files is ever written anew: a format that
 * cannot read them is a change that may not land, and so is an event that none of them can be parsed as any more.
 * They were said under `settings.json`, so that another wording is no difference. Where a stage is to decide
 * otherwise from now on, `meant` says what exactly differs, and why.
 */
const goldens = [
  {
    file: join(folder, "v2.ndjson.zst"),
    sha256: "4514fe99c0c5e8764827d3d9fe477b7058e55e50fc81022a5bb9bf966d046474",
    events: 130,
    conversation: "c_o4fmgl36jdxqc6stscj6i3jjcadtxyh2",
    runs: 127,
    unfinished: 3,
    meant: [
      // A receipt says whether the text is on the phone since phone calls wait for it.
      ...Array(11).fill("altered reply.delivered data.arrived"),
    ],
  },
];

const declarations = (Object.values(declared) as unknown[]).filter(
  (value): value is EventType => typeof value === "function" && "parse" in value,
);

describe.each(goldens)(
  "the golden archive $file",
  ({ file, sha256, events, conversation, ...golden }) => {
    it("is the one that was written", () => {
      expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(sha256);
    });

    it("is sound, and comes whole out of its import", async () => {
      expect(await verifyArchive(file)).toEqual({ events, faults: [] });
      const into = ownFolder();
      expect(await importArchive(file, into)).toBe(events);
      using history = openHistory(into);
      await using archive = await openArchive(file);
      expect(await archive.recording(conversation)).toEqual(history.recording(conversation));
      expect(history.recording(conversation)?.bodies.length).toBeGreaterThan(100);
    });

    it("holds events that today's declarations read", async () => {
      const into = ownFolder();
      await importArchive(file, into);
      using history = openHistory(into);
      const all = [...history.pages()].flat().map(({ body }) => JSON.parse(body) as Event);
      const known = all.map((event) => {
        const type = declarations.find(
          ({ type, version }) => type === event.type && version === event.version,
        );
        return type?.parse(event);
      });
      expect(known).toEqual(all);
    });

    it("is said again to the byte, but for what is meant to be another", async () => {
      const runs = await rerun(file);
      const found = runs.flatMap(({ changes }) => changes.flatMap(inShort));
      expect(found).toEqual(golden.meant);
      const verdicts = runs.map(({ verdict }) => verdict);
      expect(verdicts).toHaveLength(golden.runs);
      expect(verdicts.filter((verdict) => verdict === "unfinished")).toHaveLength(
        golden.unfinished,
      );
      expect(verdicts).not.toContain("unknown");
    });
  },
);

async function rerun(file: string) {
  const settings = loadSettings(settingsFile);
  const port = settingsPort(settings, { speed: 1, quotas: 1 });
  const ports = recordedPorts(settings, port);
  const terms = { stages: configuredPipeline(port), only: undefined, ports };
  const all = { from: undefined, to: undefined };
  await using source = await openSource(file, all, () => {});
  const found: Run[] = [];
  for await (const { runs } of rerunAll(source, all, terms))
    for await (const run of runs) found.push(run);
  return found;
}

function inShort(change: Change): readonly string[] {
  if (change.change !== "altered")
    return [`${change.change} ${("now" in change ? change.now : change.past).type}`];
  return differing(change.past, change.now).map((path) => `altered ${change.now.type} ${path}`);
}
