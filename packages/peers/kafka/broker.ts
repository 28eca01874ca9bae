import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { endsWithUs } from "../child.ts";
import { freePort } from "../free-port.ts";
import { classpath, jars, javaVersion, kafkaVersion, tail } from "./jars.ts";
import { properties } from "./properties.ts";
import { type SecuredDoor, secured as securedDoor } from "./secured.ts";

/** A real Apache Kafka broker on this machine, alone, in KRaft mode. */
export interface Broker extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Its other door, where it was started with one. */
  readonly secured?: SecuredDoor;
  /** `Apache Kafka 4.4.0 on Java 17.0.15` */
  readonly version: string;
  /** Ends it with SIGTERM, or `kill -9`, and starts it again over the same data. */
  restart(how?: "stop" | "kill"): Promise<void>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";

/**
 * Starts a broker on a free loopback port, with its data in a folder of its own that `close` removes.
 *
 * Throws where there is no Java 17 or later, or where the jars can neither be found nor fetched; the
 * error says what to install.
 */
export async function startBroker(
  say: (line: string) => void = () => {},
  { withSecuredDoor = false } = {},
): Promise<Broker> {
  const java = await run("java", ["-version"]).then(
    ({ stderr }) => javaVersion(stderr),
    () => undefined,
  );
  if (!java)
    throw new Error(
      "Apache Kafka needs Java 17 or later: install a JRE (Debian: openjdk-17-jre-headless) so that `java` is found",
    );
  const path = classpath(await jars(say));
  const folder = mkdtempSync(join(tmpdir(), "holdline-kafka-"));
  const port = await freePort();
  const config = join(folder, "server.properties");
  const secured = withSecuredDoor ? await securedDoor(folder) : undefined;
  writeFileSync(config, properties({ port, controllerPort: await freePort(), folder, secured }));
  const storage = ["-cp", path, "kafka.tools.StorageTool", "format", "-c", config];
  const users = secured?.formatArgs ?? [];
  await run("java", [...storage, "-t", "aG9sZGxpbmUtYnJva2VyLQ", ...users]);

  const logFile = join(folder, "broker.log");
  let child = await start();
  const version = `Apache Kafka ${kafkaVersion} on Java ${java}`;
  say(`${version} is up on 127.0.0.1:${port}`);

  async function start(): Promise<ChildProcess> {
    const out = openSync(logFile, "a");
    const java = spawn(
      "java",
      ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", quiet, "-cp", path, "kafka.Kafka", config],
      { stdio: ["ignore", out, out] },
    );
    const letBe = endsWithUs(java);
    java.once("exit", letBe);
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
      if (java.exitCode !== null) break;
      if (await answers(port)) return java;
    }
    java.kill("SIGKILL");
    throw new Error(`the Kafka broker did not start; the end of its log:\n${tail(logFile)}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  async function close(): Promise<void> {
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    address: `127.0.0.1:${port}`,
    version,
    ...(secured && { secured: secured.door }),
    async restart(how = "stop") {
      await end(how === "kill" ? "SIGKILL" : "SIGTERM");
      child = await start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
