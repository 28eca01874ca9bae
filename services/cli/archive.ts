import { statSync } from "node:fs";
import {
  exportArchive,
  importArchive,
  openArchive,
  openHistory,
  type Recording,
  verifyArchive,
} from "@holdline/archive";
import { environment } from "../environment.ts";
import { steadyMemory } from "../steady-memory.ts";
import { progress } from "./progress.ts";

const folder = () => environment(process.env).HOLDLINE_DATA;

/** Writes the data folder's history to a file, whether or not a pipeline runs there. */
export async function runArchiveExport(file: string): Promise<void> {
  steadyMemory();
  using history = openHistory(folder());
  const bar = progress(`exporting to ${file}`, history.events);
  const events = await exportArchive(history, file, { onProgress: bar.show });
  bar.end();
  console.log(`${file}: ${events} events`);
}

/** Makes an archive a history to look things up in, in a folder of its own. */
export async function runArchiveImport(file: string, into: string): Promise<void> {
  steadyMemory();
  const total = await eventsIn(file);
  const bars = {
    read: progress(`reading ${file}`, total),
    placed: progress(`placing in ${into}`, total),
  };
  const events = await importArchive(file, into, {
    onProgress: (events, doing) => bars[doing].show(events),
  });
  bars.placed.end();
  console.log(`${into}: ${events} events`);
}

/** Exits 1 where anything is wrong with an archive; names each line. */
export async function runArchiveVerify(file: string): Promise<void> {
  steadyMemory();
  const bar = progress(`verifying ${file}`, await eventsIn(file));
  const { events, faults } = await verifyArchive(file, bar.show);
  bar.end();
  for (const { message } of faults) console.log(`${file}: ${message}`);
  console.log(`${events} events, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

/** How many events an archive says it has; nothing where it cannot be asked. */
const eventsIn = (file: string): Promise<number | undefined> =>
  openArchive(file).then(
    async (archive) => {
      await archive[Symbol.asyncDispose]();
      return archive.events;
    },
    () => undefined,
  );

/** Prints one conversation of the data folder, of an import or of an archive: whole events, texts included. */
export async function runArchiveShow(key: string, from = folder()): Promise<void> {
  const found = await recordingIn(from, key);
  if (!found) throw new Error(`there is no conversation ${key} in ${from}`);
  for (const body of found.bodies) console.log(body);
}

async function recordingIn(from: string, key: string): Promise<Recording | undefined> {
  if (statSync(from, { throwIfNoEntry: false })?.isFile()) {
    await using archive = await openArchive(from);
    return await archive.recording(key);
  }
  using history = openHistory(from);
  return history.recording(key);
}
