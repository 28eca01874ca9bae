import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { alone } from "../alone.ts";
import lock from "./jars.json" with { type: "json" };

/** The version of Apache Kafka that is run. */
export const kafkaVersion = lock.kafka;

const cache = fileURLToPath(
  new URL(`../../../node_modules/.cache/holdline-kafka/${kafkaVersion}/`, import.meta.url),
);

/**
 * The folder with the broker's jars: fetched from Maven Central the first time, each checked against
 * `jars.json`. `HOLDLINE_MAVEN` names another repository.
 */
export async function jars(say: (line: string) => void): Promise<string> {
  if (missingJars().length > 0) await alone(cache, () => fetchMissing(say));
  return cache;
}

const missingJars = () => lock.jars.filter(({ path }) => !existsSync(join(cache, basename(path))));

async function fetchMissing(say: (line: string) => void): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const missing = missingJars();
  if (missing.length === 0) return;
  // Node brings certificates of its own; behind a proxy the machine's are the ones that count.
  tls.setDefaultCACertificates([
    ...tls.getCACertificates("default"),
    ...tls.getCACertificates("system"),
  ]);
  const repository = process.env.HOLDLINE_MAVEN ?? lock.repository;
  say(`fetching ${missing.length} jars of Apache Kafka ${kafkaVersion} from ${repository}`);
  const left = [...missing];
  const fetching = Array.from({ length: 6 }, async () => {
    for (let jar = left.pop(); jar; jar = left.pop()) await fetchJar(repository, jar);
  });
  await Promise.all(fetching);
}

async function fetchJar(repository: string, { path, sha256 }: { path: string; sha256: string }) {
  const bytes = await download(`${repository}/${path}`);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new Error(`${path} is not the file it was: its SHA-256 is ${found}`);
  const file = join(cache, basename(path));
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

async function download(url: string, tries = 3): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (tries > 1) return download(url, tries - 1);
    throw new Error(
      `could not fetch ${url}; set HOLDLINE_MAVEN to a repository that can be reached`,
      {
        cause: error,
      },
    );
  }
}

/** The jars as Java wants them. */
export const classpath = (folder: string): string => join(folder, "*");

/** What `java -version` says first; nothing where there is no Java, or one too old for the broker. */
export function javaVersion(printed: string): string | undefined {
  const version = /version "(\d+)[^"]*"/.exec(printed);
  return version && Number(version[1]) >= 17 ? version[0].slice(9, -1) : undefined;
}

/** Reads a file of the broker's log, its end only. */
export const tail = (file: string, characters = 2_000): string =>
  existsSync(file) ? readFileSync(file, "utf8").slice(-characters) : "";
