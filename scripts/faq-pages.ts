import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "@holdline/faq";
import { Command, Option } from "commander";
import * as z from "zod";
import { judge, type Truth } from "./faq-pages/judge.ts";
import { makes } from "./faq-pages/makes.ts";
import { cmsMakes } from "./faq-pages/makes-cms.ts";
import { freshMakes } from "./faq-pages/makes-fresh.ts";
import { heldOutMakes } from "./faq-pages/makes-held-out.ts";
import { strangeMakes } from "./faq-pages/makes-strange.ts";

/**
 * Renders the pairs of a folder of .jsonl files (`questionText`, `answerOriginal` or `answerText`,
 * `topic`) into pages of many makes, scrapes them, and prints how much of each came back.
 */
const Row = z.object({
  topic: z.union([z.string(), z.array(z.string()).transform((all) => all[0])]).nullish(),
  questionText: z.string().nullish(),
  answerText: z.string().nullish(),
  answerOriginal: z.string().nullish(),
  hasAnswer: z.boolean().optional(),
});

const sets = {
  tuned: { ...makes, ...cmsMakes },
  "held-out": heldOutMakes,
  strange: strangeMakes,
  fresh: freshMakes,
};

const command = new Command("faq-pages")
  .description(
    "Render question-answer pairs into pages of many makes, scrape them, and print how much came back.",
  )
  .argument("<folder>", "where the .jsonl files are")
  .option("--out <folder>", "write the pages there")
  .option("--misses", "print some of the pairs that did not come back")
  .addOption(new Option("--only <set>", "one set of makes").choices(Object.keys(sets)))
  .addHelpText(
    "after",
    "\nExits 1 where less than 98 % of a file's pairs came back, or more than 1 % of what did is no pair.",
  )
  .parse();
const [folder = ""] = command.args;
const { out, misses, only } = command.opts<{ out?: string; misses?: boolean; only?: string }>();
if (!existsSync(folder)) command.error(`error: there is no folder ${folder}`);
const chosen = Object.entries(sets)
  .filter(([name]) => only === undefined || name === only)
  .flatMap(([, set]) => Object.entries(set));

const read = (file: string): readonly Truth[] =>
  readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => Row.parse(JSON.parse(line)))
    .map((row) => ({
      section: row.topic?.trim() || "General",
      question: row.questionText?.trim() ?? "",
      answerHtml: (row.answerOriginal || row.answerText || "").trim(),
    }))
    .filter(({ question, answerHtml }) => question !== "" && answerHtml !== "");

if (out !== undefined) mkdirSync(out, { recursive: true });
let failed = false;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
  const truth = read(file);
  console.log(`${file}: ${truth.length} pairs`);
  for (const [make, render] of chosen) {
    const pages = render(truth);
    pages.forEach((html, index) => {
      if (out !== undefined) writeFileSync(join(out, `${file}.${make}.${index}.html`), html);
    });
    const judged = judge(
      truth,
      pages.flatMap((html) => extract(html).pairs),
    );
    failed ||= judged.recovered < 0.98 || judged.junk > 0.01;
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    console.log(
      `  ${make.padEnd(18)} recovered ${percent(judged.recovered)}  junk ${percent(judged.junk)}`,
    );
    if (misses) for (const miss of judged.misses.slice(0, 6)) console.log(`    ${miss}`);
  }
}
if (failed) process.exitCode = 1;
