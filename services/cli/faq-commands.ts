import { type Command, Option } from "commander";
import { fraction, wholeNumber } from "./numbers.ts";

const table = [
  "--table <name>",
  "a DynamoDB table, instead of the data folder's (or HOLDLINE_FAQ_TABLE)",
] as const;
const json = ["--json", "as JSON"] as const;
const whole = [
  "--whole",
  "the files are all there is: other pages' pairs are removed, too",
] as const;
const force = ["--force", "even where a page has far fewer pairs than it had"] as const;

/** The commands about the table that the bot answers from. */
export function faqCommands(faq: Command): void {
  faq
    .command("load")
    .description("make a file of pairs all that the bot answers from")
    .argument("<file>", "what faq scrape prints, or lines of {id, question, answer}; - for input")
    .option(...table)
    .option(...force)
    .option(...json)
    .action(async (file, options) => (await import("./faq-table.ts")).runLoad(file, options));
  faq
    .command("diff")
    .description("what faq sync would change; exits 2 when it would change something")
    .argument("<files...>", "as of faq load")
    .option(...whole)
    .option(...table)
    .option(...json)
    .action(async (files, options) => (await import("./faq-table.ts")).runDiff(files, options));
  faq
    .command("sync")
    .description("bring the table what pages say now; exits 3 when that was refused")
    .argument("<files...>", "as of faq load; pages that are not in them keep their pairs")
    .option(...whole)
    .option(...table)
    .option(...force)
    .option(...json)
    .action(async (files, options) => (await import("./faq-table.ts")).runSync(files, options));
  faq
    .command("history")
    .description("all there has been of a pair, oldest first")
    .argument("<id>")
    .option(...table)
    .option(...json)
    .action(async (id, options) => (await import("./faq-table.ts")).runHistory(id, options));
  faq
    .command("rollback")
    .description("make an earlier version of a pair live again")
    .argument("<id>")
    .option("--to <version>", "its number; the one before where none is given", wholeNumber)
    .option(...table)
    .action(async (id, options) => (await import("./faq-table.ts")).runRollback(id, options));

  const review = faq.command("review").description("changes that wait for a person's word");
  review
    .command("list")
    .description("exits 2 when something waits")
    .option(...table)
    .option(...json)
    .action(async (options) => (await import("./faq-table.ts")).runReviewList(options));
  for (const [name, verdict, description] of [
    ["approve", "approved", "make what waits live"],
    ["reject", "rejected", "leave what is live, and do not ask for the same again"],
  ] as const)
    review
      .command(name)
      .description(description)
      .argument("[id...]")
      .option("--all", "all that waits")
      .option(...table)
      .action(async (ids, options) =>
        (await import("./faq-table.ts")).runReview(verdict, ids, options),
      );

  const build = faq.command("build").description("a bot of the table, with only what changed");
  const terms = (command: Command, bot: string, versions: string) =>
    command
      .option("--bot <name>", "the bot's name", bot)
      .option("--alias <name>", "the alias that is moved when all is built", "live")
      .option("--locale <ids...>", versions, ["en_US"])
      .option("--function <arn>", "the function that answers: output faqAnswerFunction")
      .option("--threshold <n>", "how sure Lex must be, 0 to 1", fraction, 0.4)
      .option("--pace <n>", "calls a second at most", wholeNumber, 5)
      .option(...table)
      .option(...json);
  terms(
    build.command("lex-v2").description("by the models API, or as a file that Lex imports"),
    "holdline-faq",
    "one or more, such as en_US",
  )
    .option("--role <arn>", "the role of a bot that is made: output botRole")
    .addOption(
      new Option("--answers <where>", "looked up by the function, or in the bot itself")
        .choices(["function", "bot"])
        .default("function"),
    )
    .option("--archive <file>", "write a zip to import by hand, and call nobody")
    .action(async (options) => (await import("./faq-build.ts")).runBuildV2(options));
  terms(
    build.command("lex-v1").description("for accounts and private endpoints that still have V1"),
    "HoldlineFaq",
    "such as en_US",
  ).action(async (options) => (await import("./faq-build.ts")).runBuildV1(options));
}
