import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { KafkaOptions } from "@holdline/kafka/options";
import { describe, expect, it } from "vitest";
import { kafkaVersion } from "../../packages/peers/kafka/jars.ts";
import { imageLines } from "../support/image-lines.ts";
import { root } from "./sources.ts";

const text = readFileSync(join(root, "compose.yaml"), "utf8");
const run = promisify(execFile);
const found = (form: RegExp) => [...text.matchAll(form)].map(([, what = ""]) => what);

// No test here starts a container: what can be held to without Docker is.
describe("compose.yaml", () => {
  it("is what Compose's own schema allows", async () => {
    const lint = join(root, "node_modules/dclint/bin/dclint.cjs");
    // One image for all our containers, built once and named.
    const options = ["--quiet", "--disable-rule", "no-build-and-image"];
    await run(process.execPath, [lint, join(root, "compose.yaml"), ...options]);
  });

  it("builds from a file that is there, which copies what is there, and starts what is there", () => {
    const targets = found(/target: (holdline\S*)$/gm);
    const files = found(/dockerfile: (\S+)/g);
    expect([files.length, targets.length]).toEqual([2, 2]);
    for (const [at, file] of files.entries()) {
      const lines = imageLines(join(root, file), targets[at] ?? "");
      const copied = lines
        .filter((line) => line.startsWith("COPY ") && !line.includes("--from"))
        .flatMap((line) => line.split(" ").slice(1, -1));
      expect(copied.length).toBeGreaterThan(0);
      for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
      const entry = lines.find((line) => line.startsWith("ENTRYPOINT "))?.slice(11) ?? "[]";
      expect(existsSync(join(root, JSON.parse(entry)[1]))).toBe(true);
    }
  });

  it("runs commands that there are", async () => {
    const commands = found(/command: (\[.*\])/g).map((list) => JSON.parse(list) as string[]);
    expect(commands.map(([name]) => name)).toEqual(["serve", "simulator", "store"]);
    for (const [command = "", ...args] of commands) {
      const program = [join(root, "services/holdline.mjs"), command, "--help"];
      const { stdout } = await run(process.execPath, program);
      for (const option of args.filter((arg) => arg.startsWith("--")))
        expect(stdout).toContain(option);
    }
  });

  it("has the broker that the tests have, and settings that are valid", () => {
    expect(found(/image: docker\.io\/apache\/kafka:(\S+)/g)).toEqual([kafkaVersion]);
    const [settings = "{}"] = found(/content: \|\n\s+(\{.*\})/g);
    expect(KafkaOptions.parse(JSON.parse(settings).kafka).brokers).toEqual(["kafka:9092"]);
  });
});
