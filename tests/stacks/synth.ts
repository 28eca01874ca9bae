import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { installPlatform, offline } from "../../scripts/sst/install-platform.ts";

/** A resource as it would have been registered with the engine. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: "resource" | "component" | "read";
  // biome-ignore lint/suspicious/noExplicitAny: whatever a resource takes
  readonly inputs: any;
}

/** One statement of a policy. */
export interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a run of the real SST over `sst.config.ts` came to. */
export interface Synth {
  readonly resources: readonly Registered[];
  readonly errors: readonly string[];
  readonly missing: readonly string[];
  /** The folder with the functions' bundles. */
  readonly artifacts: string;
}

const root = resolve(import.meta.dirname, "../..");
const tools = join(root, "scripts/sst");

async function sst(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(join(root, "node_modules/.bin/sst"), args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...offline, ...env },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      log += chunk;
    });
  await once(child, "close");
  return log;
}

/** Runs `sst diff` for a stage and answers all that it would create. */
export async function synth(stage: string): Promise<Synth> {
  installPlatform();
  const home = mkdtempSync(join(tmpdir(), "holdline-synth-"));
  const pulumi = join(home, "sst/bin/pulumi");
  mkdirSync(dirname(pulumi), { recursive: true });
  cpSync(join(tools, "pulumi-stand-in.cjs"), pulumi);
  chmodSync(pulumi, 0o755);
  const stub = spawn(process.execPath, [join(tools, "aws-stub.mjs")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [printed] = await once(stub.stdout, "data");
  const out = join(home, "synth.json");
  const log = await sst(["diff", "--stage", stage, "--print-logs"], {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: home,
    XDG_CONFIG_HOME: home,
    SST_NO_BUN: "1",
    AWS_ENDPOINT_URL: String(printed).trim(),
    HOLDLINE_CONFIG: "tests/stacks/holdline.config.json",
    SST_SECRET_ConversationSecret: "a secret of the tests, more than 32 characters",
    SST_SECRET_TwilioAuthToken: "an auth token of nobody's",
    SYNTH_TOOLS: tools,
    SYNTH_OUT: out,
  });
  stub.kill();
  if (!existsSync(out)) throw new Error(`sst diff came to nothing:\n${log}`);
  const registered = JSON.parse(readFileSync(out, "utf8")) as Omit<Synth, "artifacts">;
  const [error] = registered.errors;
  if (error) throw new Error(`the program failed: ${error}`);
  const artifacts = join(home, "artifacts");
  cpSync(join(root, ".sst/artifacts"), artifacts, { recursive: true });
  return { ...registered, artifacts };
}
