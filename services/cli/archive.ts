import { exportArchive, importArchive, openHistory, verifyArchive } from "@holdline/archive";
import { environment } from "../environment.ts";

const folder = () => environment(process.env).HOLDLINE_DATA;

/** Writes the data folder's history to a file, whether or not a pipeline runs there. */
export async function runArchiveExport(file: string): Promise<void> {
  using history = openHistory(folder());
  const onProgress = (events: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${events} events`);
  };
  const events = await exportArchive(history, file, { onProgress });
  if (process.stderr.isTTY) process.stderr.write("\r");
  console.log(`${file}: ${events} events`);
}

/** Makes an archive a history to look things up in, in a folder of its own. */
export async function runArchiveImport(file: string, into: string): Promise<void> {
  console.log(`${into}: ${await importArchive(file, into)} events`);
}

/** Exits 1 where anything is wrong with an archive; names each line. */
export async function runArchiveVerify(file: string): Promise<void> {
  const { events, faults } = await verifyArchive(file);
  for (const { message } of faults) console.log(`${file}: ${message}`);
  console.log(`${events} events, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Prints one conversation of the data folder, or of an imported history: whole events, texts included. */
export function runArchiveShow(conversation: string, from: string | undefined): void {
  using history = openHistory(from ?? folder());
  const events = history.conversation(conversation);
  if (events.length === 0) throw new Error(`there is no conversation ${conversation}`);
  for (const event of events) console.log(JSON.stringify(event));
}
