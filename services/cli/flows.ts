import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { contactFlows, type Finding, lintFlow } from "@holdline/flows";
import * as z from "zod";

const account =
  "arn:aws:connect:us-west-2:111122223333:instance/11111111-2222-3333-4444-555555555555";
const functions = "arn:aws:lambda:us-west-2:111122223333:function";
const Parameters = z.strictObject({
  smsQueueArn: z.string().default(`${account}/queue/sms`),
  optInFunctionArn: z.string().default(`${functions}:opt-in`),
  offerStatusFunctionArn: z.string().default(`${functions}:offer-status`),
  customerQueueFlowArn: z.string().default(`${account}/contact-flow/customer-queue`),
  callerQueueFlowArn: z.string().default(`${account}/contact-flow/caller-queue`),
  disconnectFlowArn: z.string().default(`${account}/contact-flow/disconnect`),
  voiceQueueArn: z.string().optional(),
  offerAfterSeconds: z.int().positive().default(7_200),
  /** Chat agents see the markers too: more often than every two minutes is noise. */
  markerSeconds: z.int().min(120).default(120),
});

/** Prints our flows, or writes them to a folder, one file each. */
export function runFlowsEmit({ parameters, out }: { parameters?: string; out?: string }): void {
  const given = parameters ? JSON.parse(readFileSync(parameters, "utf8")) : {};
  const flows = contactFlows(Parameters.parse(given));
  if (out === undefined) {
    const all = Object.fromEntries(flows.map(({ name, document }) => [name, document]));
    console.log(JSON.stringify(all, null, 2));
    return;
  }
  mkdirSync(out, { recursive: true });
  for (const { name, document } of flows) {
    const file = join(out, `${name}.json`);
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
    console.log(file);
  }
}

/** Lints exported flows; exits 1 when Connect would refuse one of them. */
export function runFlowsLint(paths: readonly string[], { json }: { json?: boolean }): void {
  const files = paths.flatMap(jsonFiles);
  if (files.length === 0) throw new Error(`there is no .json file in ${paths.join(", ")}`);
  const all = files.map((file) => ({ file, findings: lintFile(file) }));
  const findings = all.flatMap(({ findings }) => findings);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (json) console.log(JSON.stringify(all, null, 2));
  else {
    for (const { file, findings } of all)
      for (const { severity, rule, action = "", message } of findings)
        console.log(`${basename(file)}: ${severity} ${rule} ${action} ${message}`);
    console.log(`${files.length} flows, ${errors} errors, ${findings.length - errors} warnings`);
  }
  if (errors > 0) process.exitCode = 1;
}

function lintFile(file: string): readonly Finding[] {
  try {
    return lintFlow(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ rule: "not-json", message: "the file is not JSON", severity: "error" }];
  }
}

const jsonFiles = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(path, name))
    : [path];
