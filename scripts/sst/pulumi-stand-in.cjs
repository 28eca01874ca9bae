#!/usr/bin/env node
// Not Pulumi. Three of its commands, so that SST's command line can be driven without the engine: `version`,
// `stack init`, and `preview`, which runs the program that SST bundled and reports every registration
// as something to create.
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { spawnSync } = require("node:child_process");

const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];

function writeStack(stack, resources) {
  const [, app, stage] = stack.split("/");
  const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
  const folder = join(process.cwd(), ".pulumi/stacks", app);
  mkdirSync(folder, { recursive: true });
  const checkpoint = { stack, latest: { manifest, resources } };
  writeFileSync(join(folder, `${stage}.json`), JSON.stringify({ version: 3, checkpoint }));
}

function preview() {
  const bundle = readFileSync("Pulumi.yaml", "utf8").match(/^main: (.*)$/m)[1];
  const stack = option("--stack");
  const [, app, stage] = stack.split("/");
  const out = process.env.SYNTH_OUT;
  const config = {
    ...{ bundle, out, platform: dirname(bundle), app: { name: app, stage } },
    ...{ region: process.env.SST_AWS_REGION, account: "123456789012" },
  };
  const ran = spawnSync(
    process.execPath,
    ["--enable-source-maps", join(process.env.SYNTH_TOOLS, "program.mjs")],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, SYNTH_CONFIG: JSON.stringify(config) },
    },
  );
  if (ran.status !== 0) process.exit(1);
  const { resources, errors } = JSON.parse(readFileSync(out, "utf8"));
  const events = [];
  const tell = (event) => events.push({ sequence: events.length, timestamp: 0, ...event });
  const states = resources.map(({ urn, type, kind, id, name, parent, inputs, outputs }) => ({
    ...{ urn, type, inputs, custom: kind !== "component", outputs: outputs ?? inputs },
    ...(kind !== "component" && { id: id || `${name}-id` }),
    ...(parent && { parent }),
  }));
  for (const state of states) {
    const { urn, type, id = "", parent = "" } = state;
    const created = { ...state, id, parent, provider: "" };
    const metadata = {
      ...{ op: "create", urn, type, old: null, new: created, detailedDiff: null },
      ...{ provider: "", keys: null, diffs: null },
    };
    tell({ resourcePreEvent: { metadata, planning: true } });
    tell({ resOutputsEvent: { metadata, planning: true } });
  }
  for (const message of errors)
    tell({ diagnosticEvent: { message, color: "never", severity: "error" } });
  const resourceChanges = { create: resources.length };
  tell({
    summaryEvent: { maybeCorrupt: false, durationSeconds: 0, resourceChanges, policyPacks: {} },
  });
  appendFileSync(
    option("--event-log"),
    events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  );
  writeStack(stack, states);
  process.exit(errors.length > 0 ? 1 : 0);
}

if (args[0] === "version") console.log("v3.215.0");
else if (args[0] === "stack" && args[1] === "init") writeStack(args[2], []);
else if (args[0] === "preview") preview();
else {
  console.error(`not supported by the stand-in: ${args.join(" ")}`);
  process.exit(1);
}
