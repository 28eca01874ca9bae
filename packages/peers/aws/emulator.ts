import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endsWithUs } from "../child.ts";
import { freePort } from "../free-port.ts";
import { emulatorVersion, installed } from "./install.ts";

/** An emulator of EventBridge, SQS, SNS and DynamoDB on this machine that we did not write. */
export interface Emulator {
  /** `http://127.0.0.1:port`, for every SDK client. */
  readonly endpoint: string;
  /** `MiniStack 1.5.33` */
  readonly version: string;
  readonly region: string;
  /** What the SDK signs with; the emulator looks at it for the account alone. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

/**
 * Starts the emulator on a free loopback port, with nothing in it.
 *
 * Throws where it cannot be installed or does not come up; the error says what is missing.
 */
export async function startEmulator(say: (line: string) => void = () => {}): Promise<Emulator> {
  const program = await installed(say);
  const folder = await mkdtemp(join(tmpdir(), "holdline-emulator-"));
  const port = await freePort();
  const logFile = join(folder, "emulator.log");
  const out = openSync(logFile, "a");
  const child = spawn(program, [], {
    stdio: ["ignore", out, out],
    env: {
      ...process.env,
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      SERVICES: "events,sqs,sns,dynamodb",
      IOT_MTLS_ENABLED: "0",
      LOG_LEVEL: "WARNING",
      PYTHONUNBUFFERED: "1",
    },
  });
  const letBe = endsWithUs(child);
  const endpoint = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 60_000; ; await sleep(100)) {
    if (await answers(`${endpoint}/_ministack/health`)) break;
    if (child.exitCode === null && Date.now() < until) continue;
    child.kill("SIGKILL");
    throw new Error(
      `the emulator of AWS did not start; the end of its log:\n${readFileSync(logFile, "utf8").slice(-2_000)}`,
    );
  }
  const version = `MiniStack ${emulatorVersion}`;
  say(`${version} is up on ${endpoint}`);
  return {
    ...{ endpoint, version, region: "us-west-2" },
    credentials: { accessKeyId: "111122223333", secretAccessKey: "emulated" },
    async close() {
      letBe();
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );
