import { type Command, Option } from "commander";

/** The commands about what has happened: archives, replay, refeeding, dead letters. */
export function historyCommands(program: Command): void {
  const archive = program.command("archive").description("a history as a file (docs/history.md)");
  archive
    .command("export")
    .argument("<file>", "what to write; .zst at its end compresses")
    .description(
      "a history: of the data folder, whole, or a stretch of Kafka's or EventBridge's; goes on where it was cut off",
    )
    .addOption(
      new Option("--from <place>", "where it is")
        .choices(["folder", "kafka", "eventbridge"])
        .default("folder"),
    )
    .option("--since <time>", "from this time on, such as 2026-03-01T08:00:00Z")
    .option("--until <time>", "before this time")
    .option("--archive <arn>", "EventBridge: the archive to replay")
    .option("--rule <arn>", "EventBridge: the rule that captures it, and nothing else sees it")
    .option("--queue <url>", "EventBridge: the queue of that rule")
    .action(async (file, options) =>
      (await import("./archive.ts")).runArchiveExport(file, options),
    );
  archive
    .command("import")
    .argument("<file>")
    .argument("<folder>", "a folder for it; no pipeline runs from an imported history")
    .description("an archive in any order, to look things up in")
    .action(async (file, into) => (await import("./archive.ts")).runArchiveImport(file, into));
  archive
    .command("verify")
    .argument("<file>")
    .description("what is missing, doubled, altered or out of order; exits 0 only if nothing is")
    .action(async (file) => (await import("./archive.ts")).runArchiveVerify(file));
  archive
    .command("show")
    .argument("<conversation>")
    .option("--from <path>", "an import or an archive, instead of the data folder")
    .description("one conversation's events, texts and numbers included")
    .action(async (key, { from }) => (await import("./archive.ts")).runArchiveShow(key, from));

  program
    .command("replay")
    .description(
      "run today's stages over a history, without the world; exits 1 where they say otherwise",
    )
    .argument("<archive>", "an archive, an import of one, or a data folder")
    .option("--conversation <key>", "this one alone")
    .option(
      "--phone <number>",
      "the customer's, E.164; needs the secret conversations are named by",
    )
    .option("--from <time>", "what was heard at this time or later")
    .option("--to <time>", "what was heard at this time or before")
    .option("--stage <name>", "this one alone")
    .option("--diff", "only what is said otherwise")
    .option("--json", "a JSON object a line, whole events in it")
    .option("--step", "run by run, with what the stage knew before and after")
    .option("--inspect", "wait for a debugger on this machine, and stop before the first run")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (file, options) => (await import("./replay.ts")).runReplay(file, options));

  program
    .command("refeed")
    .description(
      "give the running pipeline once more what came in and was never run, or was given up on",
    )
    .argument("<archive>", "an archive, an import of one, or a data folder")
    .option("--conversation <key>", "of this one alone")
    .option(
      "--phone <number>",
      "the customer's, E.164; needs the secret conversations are named by",
    )
    .option("--from <time>", "said at this time or later")
    .option("--to <time>", "said at this time or before")
    .option("--event <id>", "this one alone")
    .option("--yes", "do not ask")
    .action(async (file, options) => (await import("./refeed.ts")).runRefeed(file, options));

  const dlq = program.command("dlq").description("dead letters: events a stage gave up on");
  const place = [
    "--on <place>",
    "one-machine, or aws: a deployment, within `sst shell`",
    "one-machine",
  ] as const;
  dlq
    .command("list")
    .option("--json", "as JSON")
    .option(...place)
    .description("all of them, a line each")
    .action(async ({ on, json }) => (await import("./dlq.ts")).runList(on, json === true));
  dlq
    .command("show")
    .argument("<id>")
    .option(...place)
    .description("one, whole")
    .action(async (id, { on }) => (await import("./dlq.ts")).runShow(on, id));
  dlq
    .command("redrive")
    .argument("<id...>")
    .description("give them to the stage that gave up on them once more, and to nobody else")
    .option(...place)
    .action(async (ids, { on }) => (await import("./dlq.ts")).runRedrive(on, ids));
}
