import { statSync } from "node:fs";
import {
  exportArchive,
  gather,
  importArchive,
  openArchive,
  openHistory,
  type Recording,
  verifyArchive,
} from "@holdline/archive";
import * as z from "zod";
import { broughtBy, ExportSource } from "../archive-source.ts";
import { environment } from "../environment.ts";
import { steadyMemory } from "../steady-memory.ts";
import { progress } from "./progress.ts";

const folder = () => environment(process.env).HOLDLINE_DATA;

/** Writes a history to a file: the data folder's, whether or not a pipeline runs there, or what brokers or a bus kept. */
export async function runArchiveExport(
  file: string,
  { from, ...given }: { readonly from: string },
): Promise<void> {
  if (from !== "folder") return exportBrought(file, { from, ...given });
  if (Object.keys(given).length > 0)
    throw new Error("--since and --until go with --from kafka or --from eventbridge");
  steadyMemory();
  using history = openHistory(folder());
  const bar = progress(`exporting to ${file}`, history.events);
  const events = await exportArchive(history, file, { onProgress: bar.show });
  bar.end();
  console.log(`${file}: ${events} events`);
}

async function exportBrought(file: string, given: object): Promise<void> {
  const source = ExportSource.safeParse(given);
  if (!source.success)
    throw new Error(`This cannot be exported from:\n${z.prettifyError(source.error)}`);
  steadyMemory();
  const env = environment(process.env);
  let reading: ReturnType<typeof progress> | undefined;
  const brought = broughtBy(env, source.data, (done, total) => {
    reading ??= progress(`reading from ${source.data.from}`, total);
    reading.show(done);
  });
  using history = await gather(brought, `${file}.gathering`);
  reading?.end();
  const bar = progress(`exporting to ${file}`, history.events);
  const events = await exportArchive(history, file, { onProgress: bar.show });
  bar.end();
  const { doubled, unreadable } = history;
  const left = `${doubled} came twice and are there once, ${unreadable} were no events of ours`;
  console.log(`${file}: ${events} events; ${left}`);
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
