import {
  type Change,
  type FaqTable,
  type KeptPair,
  readPairs,
  reviewed,
  rolledBack,
  type Sync,
  syncOf,
  waitingEntries,
} from "@holdline/faq";
import { environment } from "../environment.ts";
import { GivenPair, kept } from "../faq/fit.ts";
import { givenText } from "../faq/given-text.ts";
import { openFaqTable } from "../faq/table.ts";
import { loadFaqSettings } from "../settings/index.ts";

/** Where the table is, and how its state is told. */
export interface TableOptions {
  /** A DynamoDB table; that of the data folder where it is not named. */
  readonly table?: string;
  readonly json?: boolean;
}
export interface SyncOptions extends TableOptions {
  readonly force?: boolean;
  readonly whole?: boolean;
}

/** What CI learns beside 0 and 1: that there is a difference, and that nothing was done about one. */
const exits = { differs: 2, refused: 3 } as const;

const now = () => new Date().toISOString();

/** Opens the table, does something with it, closes it. */
export async function withTable<T>(
  { table: name }: TableOptions,
  use: (table: FaqTable) => Promise<T>,
): Promise<T> {
  const table = openFaqTable(environment(process.env), name);
  try {
    return await use(table);
  } finally {
    table.close();
  }
}

async function pairsOf(files: readonly string[]): Promise<readonly KeptPair[]> {
  const seen = new Map<string, string>();
  const all: KeptPair[] = [];
  for (const file of files) {
    const name = file === "-" ? "standard input" : file;
    const text = await givenText(file);
    for (const pair of readPairs(GivenPair, text, name)) {
      const other = seen.get(pair.id);
      if (other !== undefined) throw new Error(`id ${pair.id} is in ${other} and in ${name}`);
      seen.set(pair.id, name);
      all.push(kept(pair));
    }
  }
  if (all.length === 0) throw new Error(`${files.join(", ")}: no pairs; nothing was changed`);
  return all;
}

/** The settings' word on what waits for review. */
const reviewSetting = () => loadFaqSettings(environment(process.env).HOLDLINE_CONFIG).review;

/** Makes a file all that the table says, at once: nothing waits for review. */
export async function runLoad(file: string, options: SyncOptions): Promise<void> {
  const pairs = await pairsOf([file]);
  await withTable(options, async (table) => {
    const state = await table.state();
    const sync = syncOf(state, pairs, { review: "none", at: now(), whole: true });
    await applied(table, state.revision, sync, options);
  });
}

/** Brings the table what pages say now; changed answers wait where the settings say so. */
export async function runSync(files: readonly string[], options: SyncOptions): Promise<void> {
  const pairs = await pairsOf(files);
  const review = reviewSetting();
  await withTable(options, async (table) => {
    const state = await table.state();
    const whole = options.whole === true;
    await applied(
      table,
      state.revision,
      syncOf(state, pairs, { review, at: now(), whole }),
      options,
    );
  });
}

/** Says what a sync would change; exits 2 where it would. */
export async function runDiff(files: readonly string[], options: SyncOptions): Promise<void> {
  const pairs = await pairsOf(files);
  const review = reviewSetting();
  await withTable(options, async (table) => {
    const whole = options.whole === true;
    const sync = syncOf(await table.state(), pairs, { review, at: now(), whole });
    if (options.json) console.log(JSON.stringify(told(sync), null, 2));
    else for (const line of [...sync.changes.map(lineOf), ...warnings(sync)]) console.log(line);
    if (!options.json) console.error(summary(sync));
    if (sync.changes.length > 0) process.exitCode = exits.differs;
  });
}

async function applied(
  table: FaqTable,
  before: number,
  sync: Sync,
  { force = false, json = false }: SyncOptions,
): Promise<void> {
  const refused = sync.shrunk.length > 0 && !force;
  const changes = !refused && sync.entries.length > 0;
  const revision = changes ? await table.apply(before, sync.entries) : before;
  if (json) console.log(JSON.stringify({ ...told(sync), refused, revision }, null, 2));
  if (refused) {
    for (const line of warnings(sync)) console.error(line);
    console.error(
      "refused, and nothing was changed; look at the pages, and use --force if it is so",
    );
    process.exitCode = exits.refused;
  } else if (!json) console.log(`${summary(sync)}; revision ${revision}`);
}

/** A sync as JSON has it. */
const told = ({ changes, shrunk }: Sync) => ({ changes, shrunk });

const signs = { added: "+", changed: "~", removed: "-", withdrawn: "=" } as const;

function lineOf({ id, change, before, after, waits }: Change): string {
  const { question = "" } = after ?? before ?? {};
  const answers =
    change === "changed" ? `\n    was: ${short(before?.text)}\n    is:  ${short(after?.text)}` : "";
  return `${signs[change]} ${id}  ${question}${waits ? "  (waits for review)" : ""}${answers}`;
}

const short = (text = "") => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
};

const warnings = ({ shrunk }: Sync) =>
  shrunk.map(
    ({ source, before, after }) =>
      `! ${source || "pairs without a page"}: had ${before} pairs, has ${after}`,
  );

function summary({ changes }: Sync): string {
  if (changes.length === 0) return "nothing changed";
  const counts = Map.groupBy(changes, ({ change }) => change);
  const waiting = changes.filter(({ waits }) => waits).length;
  return [
    ...[...counts].map(([change, those]) => `${those.length} ${change}`),
    ...(waiting > 0 ? [`of these ${waiting} to be reviewed`] : []),
  ].join(", ");
}

/** Lists what waits for a person's word; exits 2 where something does. */
export async function runReviewList(options: TableOptions): Promise<void> {
  await withTable(options, async (table) => {
    const waiting = waitingEntries(await table.state());
    if (options.json) console.log(JSON.stringify(waiting, null, 2));
    else if (waiting.length === 0) console.log("nothing waits for review");
    else
      for (const { id, live, waiting: version } of waiting) {
        const [before, after] = [live?.pair ?? null, version?.pair ?? null];
        const change = before === null ? "added" : after === null ? "removed" : "changed";
        console.log(lineOf({ id, change, before, after, waits: false }));
      }
    if (waiting.length > 0) process.exitCode = exits.differs;
  });
}

/** Makes what waits live, or leaves things as they are. */
export async function runReview(
  verdict: "approved" | "rejected",
  ids: readonly string[],
  options: TableOptions & { readonly all?: boolean },
): Promise<void> {
  await withTable(options, async (table) => {
    const state = await table.state();
    const chosen = options.all ? waitingEntries(state).map(({ id }) => id) : ids;
    if (chosen.length === 0) throw new Error("name the ids, or give --all; nothing was changed");
    const revision = await table.apply(
      state.revision,
      reviewed(state, [...new Set(chosen)], verdict, now()),
    );
    console.log(`${chosen.length} ${verdict}; revision ${revision}`);
  });
}

/** Shows all there has been of a pair, oldest first. */
export async function runHistory(id: string, options: TableOptions): Promise<void> {
  await withTable(options, async (table) => {
    const past = await table.history(id);
    if (past.length === 0) throw new Error(`there is no pair ${id}`);
    if (options.json) return console.log(JSON.stringify(past, null, 2));
    for (const { revision, at, did, live, waiting } of past) {
      const version = did === "waiting" ? waiting : live;
      const text = version?.pair ? short(version.pair.text) : "(none)";
      console.log(`revision ${revision}  ${at}  ${did}  version ${version?.number ?? 0}: ${text}`);
    }
  });
}

/** Makes an earlier version of a pair live again. */
export async function runRollback(
  id: string,
  { to, ...options }: TableOptions & { readonly to?: number },
): Promise<void> {
  await withTable(options, async (table) => {
    const before = await table.revision();
    const entry = rolledBack(await table.history(id), to, now());
    const revision = await table.apply(before, [entry]);
    console.log(`${id} says version ${entry.live.number} again; revision ${revision}`);
  });
}
