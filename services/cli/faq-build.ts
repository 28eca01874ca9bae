import { writeFileSync } from "node:fs";
import { type Bot, lexV1, lexV2 } from "@holdline/bots";
import { livePairs } from "@holdline/faq";
import {
  type Answers,
  type BuildReport,
  type BuildTerms,
  buildV1,
  buildV2,
  type Limits,
  type LocalePlan,
  lexArchive,
  planOf,
  v1Limits,
  v2Limits,
  writesOf,
} from "@holdline/lex-models";
import { environment, isLoopback } from "../environment.ts";
import { standInBot, standInCredentials } from "../stand-in.ts";
import { type TableOptions, withTable } from "./faq-table.ts";

/** What the command line says of a bot to build. */
export interface BuildOptions extends TableOptions {
  readonly bot: string;
  readonly alias: string;
  readonly locale: readonly string[];
  readonly function?: string;
  readonly threshold: number;
  readonly pace: number;
}
export interface V2BuildOptions extends BuildOptions {
  readonly role?: string;
  readonly answers: Answers;
  readonly archive?: string;
}

/** Builds a Lex V2 bot of the table, or writes it to a file that Lex imports. */
export async function runBuildV2(options: V2BuildOptions): Promise<void> {
  const { bot: botName, answers, archive, threshold } = options;
  const locales = await plansOf(options, v2Limits, answers);
  if (archive !== undefined) {
    written(archive, lexArchive(locales, { botName, threshold, answers }));
    console.log(`${archive}: import it in Lex as a bot, and build it there (docs/faq.md)`);
    return;
  }
  const { client, bot } = place();
  const functionArn = answers === "bot" ? undefined : needed(options.function ?? bot.functionArn);
  const check = asked((botId, botAliasId, localeId) =>
    lexV2({ client, botId, botAliasId, localeId }),
  );
  const terms = { ...termsOf(options), functionArn, check };
  const roleArn = options.role ?? bot.roleArn;
  const report = await reaching(client, buildV2(client, locales, { ...terms, roleArn }));
  const { botId, aliasId } = report;
  const [only, ...others] = locales;
  // A bot of one language answers in that to everybody.
  const locale = others.length === 0 ? { locale: only?.localeId } : {};
  reported(report, { kind: "lex-v2", botId, aliasId, ...locale }, options);
}

/** Builds a Lex V1 bot of the table. */
export async function runBuildV1(options: BuildOptions): Promise<void> {
  if (options.locale.length !== 1) throw new Error("a Lex V1 bot has one --locale");
  const [plan] = await plansOf(options, () => v1Limits, "function");
  if (!plan) return;
  const { client, bot } = place();
  const functionArn = needed(options.function ?? bot.functionArn);
  const check = asked((botName, botAlias) => lexV1({ client, botName, botAlias }));
  const terms = { ...termsOf(options), functionArn, check };
  const report = await reaching(client, buildV1(client, plan, terms));
  const { botId: botName, aliasId: alias } = report;
  reported(report, { kind: "lex-v1", botName, alias }, options);
}

/** Where Lex is; of the stand-in it is known what else it has. */
function place() {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION } = environment(process.env);
  const standIn = isLoopback(endpoint);
  if (standIn) standInCredentials(process.env);
  const region = AWS_REGION ?? (standIn ? "us-west-2" : undefined);
  if (!region) throw new Error("AWS_REGION is not set; set it to the region of the bot");
  const client = { region, ...(endpoint !== undefined && { endpoint }) };
  return { client, bot: standIn ? standInBot : {} };
}

/** The end of a build, or what to do where Lex cannot be asked at all. */
async function reaching<T>({ endpoint = "AWS" }: { endpoint?: string }, build: Promise<T>) {
  try {
    return await build;
  } catch (cause) {
    const { name, code, message } = cause as NodeJS.ErrnoException;
    if (name === "CredentialsProviderError")
      throw new Error(`${message}; log in to AWS, or set AWS_PROFILE`, { cause });
    if (code !== "ECONNREFUSED" && code !== "ENOTFOUND") throw cause;
    throw new Error(
      `Lex does not answer at ${endpoint} (${code}); start what AWS_ENDPOINT_URL names, or correct it`,
      { cause },
    );
  }
}

function written(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be written (${code}); name a file in a folder that is there`, {
      cause,
    });
  }
}

function needed(functionArn: string | undefined): string {
  if (functionArn === undefined)
    throw new Error("--function is missing: the ARN of the function that answers (docs/deploy.md)");
  return functionArn;
}

/** What each locale is to have; says on standard error what somebody should know of it. */
async function plansOf(
  options: BuildOptions,
  limits: (localeId: string) => Limits,
  answers: Answers,
): Promise<readonly LocalePlan[]> {
  const pairs = await withTable(options, async (table) => livePairs(await table.state()));
  if (pairs.length === 0) throw new Error("the table has no pairs; holdline faq load fills it");
  return options.locale.map((localeId) => {
    const plan = planOf(pairs, localeId, limits(localeId), answers);
    if (plan.intents.length === 0)
      throw new Error(`there are no pairs in the language of ${localeId}; give another --locale`);
    const { intents, groups, leftOut } = plan;
    console.error(`${localeId}: ${pairs.length} pairs in the table, ${intents.length} intents`);
    for (const { section, pairs: count } of groups)
      console.error(`  one intent for ${count} pairs of section "${section || "(none)"}"`);
    for (const { id, why } of leftOut) console.error(`  left out: ${id} ${why}`);
    return plan;
  });
}

function termsOf({ bot: botName, alias, threshold, pace: perSecond }: BuildOptions): BuildTerms {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      stop.abort(new Error("stopped; the alias serves what it served. Run it again to go on"));
    });
  return {
    ...{ botName, alias, threshold, perSecond, everyMs: 2_000, signal: stop.signal },
    progress: (line) => console.error(line),
  };
}

/** How often what is live is asked before it counts as dumb: an alias takes a moment to move everywhere. */
const checkTries = 3;

/** Asks what is live now a question of its own, as the pipeline would. */
const asked =
  (
    botOf: (botId: string, aliasId: string, localeId: string) => Bot,
  ): NonNullable<BuildTerms["check"]> =>
  async ({ botId, aliasId }, { utterances: [text = ""] }, localeId) => {
    const language = localeId.replace("_", "-");
    let wrong = "";
    for (let tries = 1; tries <= checkTries; tries++) {
      const question = { sessionId: `check-${Date.now()}`, text, language };
      try {
        const answer = await botOf(botId, aliasId, localeId).ask(
          question,
          AbortSignal.timeout(10_000),
        );
        if (answer.answered) return undefined;
        wrong = `it had no answer (${answer.reason})`;
      } catch (error) {
        const { cause } = error as Error;
        wrong = `it could not be asked (${String(cause ?? error)})`;
      }
    }
    return wrong;
  };

function reported(report: BuildReport, setting: object, { json }: BuildOptions): void {
  const writes = writesOf(report.calls);
  if (json) {
    console.log(JSON.stringify({ ...report, writes, setting }, null, 2));
    return;
  }
  const { created, updated, deleted, version, moved } = report;
  console.log(
    moved
      ? `version ${version} is live: ${created} intents made, ${updated} changed, ${deleted} deleted`
      : `version ${version} is live already; nothing was to be done`,
  );
  const count = (of: Readonly<Record<string, number>>) =>
    Object.values(of).reduce((sum, times) => sum + times, 0);
  console.log(`${count(report.calls)} calls to Lex, ${count(writes)} of them to change something`);
  console.log(`in the settings: "bots": { "default": ${JSON.stringify(setting)} }`);
}
