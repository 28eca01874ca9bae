import type { Command } from "commander";
import { fraction, wholeNumber } from "./numbers.ts";

/** The commands that make pairs of pages and say how good the bot is at finding them. */
export function faqPageCommands(faq: Command): void {
  faq
    .command("scrape")
    .description("questions and answers of web pages, a JSON object a line")
    .argument("<pages...>", "addresses, or files of saved pages")
    .option("--explain", "say on standard error by which pattern each was found")
    .option("--source <address>", "where the saved pages came from; else the file's name")
    .option(
      "--follow <n>",
      "pages of the same site that questions lead to, at most",
      wholeNumber,
      50,
    )
    .option("--cache <folder>", "keep pages there, and ask only for what changed since")
    .option("--pace <seconds>", "between two requests to one site", wholeNumber, 1)
    .option("--timeout <seconds>", "for each request", wholeNumber, 20)
    .option("--allow-private", "read addresses that are not on the public internet, too")
    .action(async (pages, options) => (await import("./faq-scrape.ts")).runScrape(pages, options));
  faq
    .command("fit")
    .description("scraped pairs as texts for a phone, and what that saves")
    .argument("<file>", "what faq scrape printed; - for input")
    .action(async (file) => (await import("./faq-fit.ts")).runFit(file));
  faq
    .command("evaluate")
    .description("how often the matcher finds what was meant, with tf-idf beside it")
    .requiredOption("--data <folder>", "questions and answers to judge by (docs/faq.md)")
    .option("--recall <share>", "of texts about other things to leave unanswered", fraction, 0.95)
    .option("--seed <n>", "which half thresholds are chosen on", wholeNumber, 1)
    .option("--json", "as JSON")
    .action(async (options) => (await import("./faq-evaluate.ts")).runEvaluate(options));
}
