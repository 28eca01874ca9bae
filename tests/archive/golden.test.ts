import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importArchive, openArchive, openHistory, verifyArchive } from "@holdline/archive";
import type { Event, EventType } from "@holdline/events";
import * as declared from "@holdline/events";
import { describe, expect, it } from "vitest";
import { replayOf } from "../../services/replay/replay-of.ts";
import { ownFolder } from "../support/folder.ts";

const folder = join(import.meta.dirname, "golden");
const settings = join(folder, "settings.json");

/**
 * Archives that were written once and are read for ever. None of these files is ever written anew: a format that
 * cannot read them is a change that may not land, and so is an event that none of them can be parsed as any more.
 * They were said under `settings.json`, so that another wording is no difference. Where a stage is to decide
 * otherwise from now on, say here what exactly differs, and why.
 */
const goldens = [
  {
    file: join(folder, "v2.ndjson.zst"),
    sha256: "4514fe99c0c5e8764827d3d9fe477b7058e55e50fc81022a5bb9bf966d046474",
    events: 130,
    conversation: "c_o4fmgl36jdxqc6stscj6i3jjcadtxyh2",
    runs: { conversations: 2, runs: 127, equal: 124, differ: 0, unfinished: 3, unknown: 0 },
  },
];

const declarations = (Object.values(declared) as unknown[]).filter(
  (value): value is EventType => typeof value === "function" && "parse" in value,
);

describe.each(goldens)(
  "the golden archive $file",
  ({ file, sha256, events, conversation, runs }) => {
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

    it("is said again to the byte", async () => {
      expect(await replayOf(file, { settings })).toMatchObject({
        ...runs,
        texts: { altered: 0, added: 0, dropped: 0 },
      });
    });
  },
);
