import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { faqCommands } from "./faq-commands.ts";
import { faqPageCommands } from "./faq-page-commands.ts";
import { historyCommands } from "./history-commands.ts";
import { measuringCommands } from "./measuring-commands.ts";
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
    .option("--since <time>", "over Kafka: begin at this time, such as 2026-03-01T08:00:00Z")
    .action(async (options) => (await import("./tail.ts")).runTail(options));

  program
    .command("why")
    .description("what became of a conversation, what went wrong in it, what it waits for")
    .argument("<whom>", "a customer's number, a conversation, or an event")
    .option(
      "--on <place>",
      "where it runs: one-machine, kafka, or aws by SST's links",
      "one-machine",
    )
    .option("--from <folder|archive>", "another history than the data folder's")
    .option("--since <time>", "over Kafka: nothing older, such as 2026-03-01T08:00:00Z")
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

  historyCommands(program);
  measuringCommands(program);

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode);
    console.error(`holdline: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
