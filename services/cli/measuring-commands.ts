import { type Command, Option } from "commander";
import { wholeNumber } from "./numbers.ts";

/** The commands that break it on purpose, measure it, and judge it. */
export function measuringCommands(program: Command): void {
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
    .description("texts through the whole pipeline, with bare loops beside it")
    .requiredOption("--texts <file>", "a text a line, or label, tab, text")
    .option("--edge <edge>", "sim: real SDK clients and the stand-in; none: in-process", "none")
    .option("--rounds <n>", "how often every customer sends a text", wholeNumber, 5)
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
    .option("--events <n>", "how many in each run", wholeNumber, 30_000)
    .option("--rounds <n>", "how often each", wholeNumber, 21)
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
}
