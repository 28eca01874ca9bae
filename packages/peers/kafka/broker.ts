import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { endsWithUs } from "../child.ts";
import { freePort } from "../free-port.ts";
import { classpath, jars, javaVersion, kafkaVersion, tail } from "./jars.ts";
import { properties } from "./properties.ts";
import { type Secured, type SecuredDoor, secured as securedDoor } from "./secured.ts";

/** A real Apache Kafka broker on this machine, in KRaft mode; alone, where no second one was asked for. */
export interface Broker extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Its other door, where it was started with one. */
  readonly secured?: SecuredDoor;
  /** `Apache Kafka 4.4.0 on Java 17.0.15` */
  readonly version: string;
  /** `kill -9` for the second broker, which stays away. */
  killSecond(): Promise<void>;
  /** Ends it with SIGTERM, or `kill -9`, and starts it again over the same data. */
  restart(how?: "stop" | "kill"): Promise<void>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";

/** What broker and controller agree on to be one cluster. */
const cluster = "aG9sZGxpbmUtYnJva2VyLQ";

/**
 * Starts a broker on a free loopback port, with its data in a folder of its own that `close` removes; and a
 * second one of the same cluster, which is no controller, where that is asked for.
 *
 * Throws where there is no Java 17 or later, or where the jars can neither be found nor fetched; the
 * error says what to install.
 */
export async function startBroker(
  say: (line: string) => void = () => {},
  { withSecuredDoor = false, withSecond = false } = {},
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
  const controllerPort = await freePort();
  const shared = { path, controllerPort, brokers: withSecond ? 2 : 1 };
  const secured = withSecuredDoor ? await securedDoor(folder) : undefined;
  const first = await node({ ...shared, id: 1, folder, secured });
  const second = withSecond
    ? await node({ ...shared, id: 2, folder: join(folder, "second") })
    : undefined;
  const version = `Apache Kafka ${kafkaVersion} on Java ${java}`;
  say(`${version} is up on ${first.address}${second ? ` and ${second.address}` : ""}`);

  async function close(): Promise<void> {
    await Promise.all([first.end("SIGKILL"), second?.end("SIGKILL")]);
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    address: first.address,
    version,
    ...(secured && { secured: secured.door }),
    async killSecond() {
      if (!second) throw new Error("there is no second broker");
      await second.end("SIGKILL");
    },
    async restart(how = "stop") {
      await first.end(how === "kill" ? "SIGKILL" : "SIGTERM");
      await first.start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface NodeParts {
  /** The class path. */
  readonly path: string;
  readonly controllerPort: number;
  readonly brokers: number;
  readonly id: number;
  /** For its data, its settings and its log. */
  readonly folder: string;
  readonly secured?: Secured | undefined;
}

/** One process of the cluster, started. */
async function node({ path, folder, secured, ...rest }: NodeParts) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, "server.properties");
  writeFileSync(config, properties({ ...rest, port, folder, secured }));
  const storage = ["-cp", path, "kafka.tools.StorageTool", "format", "-c", config];
  await run("java", [...storage, "-t", cluster, ...(secured?.formatArgs ?? [])]);
  const logFile = join(folder, "broker.log");
  let child = await started();

  async function started(): Promise<ChildProcess> {
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

  return {
    address: `127.0.0.1:${port}`,
    async start() {
      child = await started();
    },
    async end(signal: NodeJS.Signals): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    },
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
