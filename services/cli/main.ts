import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { faqCommands } from "./faq-commands.ts";
import { faqPageCommands } from "./faq-page-commands.ts";
import { wholeNumber } from "./numbers.ts";
import { dieWithParent } from "./parent.ts";

const names = (value: string): string[] => value.split(",").map((name) => name.trim());

/** The command line: every way in. Each command's work is in a file of its own, loaded when it is asked for. */
export async function run(argv: readonly string[]): Promise<void> {
  dieWithParent(process.env);
  // What the environment says already goes over the file.
  if (existsSync(".env")) process.loadEnvFile(".env");
  const program = new Command("holdline")
    .description("Callers who would wait hours on the phone go on by text.")
    .version("0.1.0")
    .showHelpAfterError("(see --help)")
    .exitOverride();

  program
    .command("start")
    .description("everything on this machine: pipeline, socket-holder and a stand-in for AWS")
    .option("--faq <file>", "what the bot knows: one {id, question, answer} a line")
    .action(async ({ faq }) => (await import("./run.ts")).runStart(faq));
  program
    .command("serve")
    .description("pipeline and socket-holder, against AWS or what AWS_ENDPOINT_URL names")
    .addOption(
      new Option("--transport <name>", "log: one process and its data folder; kafka: any number")
        .choices(["log", "kafka"])
        .default("log"),
    )
    .option(
      "--only <parts>",
      "over Kafka: stages, doors, socket-holder, with commas between",
      names,
    )
    .action(async ({ transport, only }) => {
      const run = await import("./run.ts");
      if (transport === "kafka") return run.runServeOnKafka(only);
      if (only) throw new Error("--only goes with --transport kafka; the log has one process");
      return run.runServe();
    });
  program
    .command("store")
    .description("the data folder's state store, for the processes over Kafka on this machine")
    .action(async () => (await import("./run.ts")).runStore());
  program
    .command("simulator")
    .description("the stand-in for AWS alone")
    .option("--faq <file>", "what its bot knows: one {id, question, answer} a line")
    .action(async ({ faq }) => (await import("./run.ts")).runSimulator(faq));
  program
    .command("demo")
    .description(
      "plays the whole story and shows both sides' texts; exits 0 only if all of it happened",
    )
    .option(
      "--on <place>",
      "one-machine, or aws-emulated: EventBridge, DynamoDB and Lambda against an emulator",
      "one-machine",
    )
    .action(async ({ on }) => (await import("./demo.ts")).runDemo(on));
  program
    .command("phone")
    .description("be the customer: type texts, see what comes back")
    .argument("[number]", "your phone number", "+14255550182")
    .option("--to <number>", "the business number to text")
    .action(async (number, { to }) => (await import("./phone.ts")).runPhone(number, to));
  program
    .command("desk")
    .description("be an agent: take chats, answer them")
    .argument("[name]", "your name", "maria")
    .action(async (name) => (await import("./desk.ts")).runDesk(name));
  program
    .command("tail")
    .description("events as they happen, a line each")
    .option("--json", "whole events, texts and numbers included")
    .option("--from <offset>", "begin at this offset of the log, 1 being the first", wholeNumber)
    .action(async ({ json, from }) => (await import("./tail.ts")).runTail(json === true, from));

  program
    .command("why")
    .description("what became of a conversation, what went wrong in it, what it waits for")
    .argument("<whom>", "a customer's number, a conversation, or an event")
    .option("--from <folder|archive>", "another history than the data folder's")
    .option("--to <number>", "which of our numbers, where the customer has written to several")
    .option("--json", "as JSON")
    .option("--mermaid", "as a Mermaid flowchart")
    .option("--redact", "without texts, numbers and names")
    .action(async (whom, options) => (await import("./why.ts")).runWhy(whom, options));

  const faq = program.command("faq").description("what the bot knows (docs/faq.md)");
  faqCommands(faq);
  faqPageCommands(faq);

  const flows = program.command("flows").description("contact flows of Amazon Connect");
  flows
    .command("emit")
    .description("our flows as files that Connect imports")
    .option("--parameters <file>", "ARNs to fill in, as JSON (docs/flows.md)")
    .option("--out <folder>", "a file for each flow, instead of printing them")
    .action(async (options) => (await import("./flows.ts")).runFlowsEmit(options));
  flows
    .command("lint")
    .description("what Connect would refuse in exported flows, and what would not work as meant")
    .argument("<paths...>", "files, or folders of .json files")
    .option("--json", "findings as JSON")
    .action(async (paths, options) => (await import("./flows.ts")).runFlowsLint(paths, options));

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

  const drill = program.command("drill").description("break it on purpose and count what was lost");
  drill
    .command("kill")
    .description("kill -9 the pipeline again and again in the middle of traffic")
    .addOption(
      new Option("--transport <name>", "kafka: one of two processes is killed, and once the broker")
        .choices(["log", "kafka"])
        .default("log"),
    )
    .option("--conversations <n>", "how many customers", wholeNumber, 1_000)
    .option("--kills <n>", "how often", wholeNumber, 10)
    .action(async (options) => (await import("../drill/kill.ts")).runKillDrill(options));
  drill
    .command("disorder")
    .description("an emulated AWS whose queues shuffle and double every delivery")
    .option("--conversations <n>", "how many customers", wholeNumber, 500)
    .action(async (options) => (await import("../drill/disorder.ts")).runDisorderDrill(options));

  const bench = program.command("bench").description("measure, print, and write to bench-results/");
  bench
    .command("pipeline")
    .description("texts through the whole pipeline, with the bare loop beside it")
    .requiredOption("--texts <file>", "a text a line, or label, tab, text")
    .option("--edge <edge>", "sim: real SDK clients and the stand-in; none: in-process", "none")
    .option("--rate <n>", "texts a second offered for the latency run", wholeNumber, 1_000)
    .option("--seconds <n>", "how long the latency run is", wholeNumber, 5)
    .action(async (options) => (await import("../bench/pipeline.ts")).runPipelineBench(options));
  bench
    .command("sockets")
    .description("chats held by one holder, with bare ws and amazon-connect-chatjs beside it")
    .option("--chats <n>", "how many", wholeNumber, 10_000)
    .option("--chatjs <n>", "how many sessions of amazon-connect-chatjs", wholeNumber, 1_000)
    .action(async (options) => (await import("../bench/sockets.ts")).runSocketsBench(options));

  bench
    .command("history")
    .description("a history of real-looking conversations: exported, imported, looked up, replayed")
    .requiredOption("--texts <file>", "a text a line, or label, tab, text")
    .option("--events <n>", "how many", wholeNumber, 1_000_000)
    .option("--seed <text>", "the same seed makes the same history", "holdline")
    .option("--keep <folder>", "a new folder for what is made, which is kept")
    .action(async (options) => (await import("../bench/history.ts")).runHistoryBench(options));

  bench
    .command("transport")
    .description("publish and consume, with a bare kafkajs loop on the same broker beside it")
    .addOption(new Option("--transport <name>", "which").choices(["kafka"]).default("kafka"))
    .option("--events <n>", "how many in each run", wholeNumber, 50_000)
    .option("--rounds <n>", "how often each", wholeNumber, 7)
    .action(async (options) => (await import("../bench/transport.ts")).runTransportBench(options));

  const evaluate = program
    .command("evaluate")
    .description("judge a decision on data nobody here wrote");
  evaluate
    .command("signatures")
    .description("messages that SNS signed, and forgeries of them")
    .requiredOption("--vectors <file>", "JSON: {certificate, vectors: [{message}]}")
    .action(async ({ vectors }) => (await import("./signatures.ts")).runSignatures(vectors));
  evaluate
    .command("consent")
    .description("which texts would be taken for a command, such as STOP")
    .requiredOption("--texts <file>", "a text a line, or label, tab, text")
    .action(async ({ texts }) => (await import("./consent.ts")).runConsent(texts));

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode);
    console.error(`holdline: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
