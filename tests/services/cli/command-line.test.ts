import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { environment } from "../../../services/environment.ts";
import { freePorts } from "../../../services/free-ports.ts";
import { standardLog } from "../../../services/log.ts";
import { start } from "../../../services/start.ts";

const program = fileURLToPath(new URL("../../../services/holdline.mjs", import.meta.url));

function holdline(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
    );
  });
}

it("says what it can do", async () => {
  const { code, out } = await holdline(["--help"]);
  expect(code).toBe(0);
  for (const command of ["start", "serve", "simulator", "demo", "phone", "desk", "tail", "dlq"])
    expect(out).toContain(`  ${command}`);
});

it("refuses what it does not know, and says where to look", async () => {
  const { code, out } = await holdline(["fly"]);
  expect(code).toBe(1);
  expect(out).toContain("unknown command 'fly'");
});

it("names the variable that is wrong", async () => {
  const { code, out } = await holdline(["serve"], { HOLDLINE_SPEED: "fast" });
  expect(code).toBe(1);
  expect(out).toContain("HOLDLINE_SPEED");
});

it("says what to do when nothing is running", async () => {
  const { code, out } = await holdline(["dlq", "list"], { HOLDLINE_OPS_PORT: "1" });
  expect(code).toBe(1);
  expect(out).toContain("npm start");
});

it("asks for the settings AWS itself needs, by name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdline-cli-"));
  const { code, out } = await holdline(["serve"], {
    HOLDLINE_DATA: folder,
    HOLDLINE_CONFIG: join(folder, "none.json"),
    AWS_REGION: "us-west-2",
    AWS_ENDPOINT_URL: "",
  });
  rmSync(folder, { recursive: true, force: true });
  expect(code).toBe(1);
  for (const name of ["instanceId", "numbers", "queues"]) expect(out).toContain(name);
});

it("does not outlive the shell that started it, however that ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdline-cli-"));
  const [port] = await freePorts(1);
  const env = { HOLDLINE_LAUNCHED: "1", HOLDLINE_DATA: folder, HOLDLINE_PORT: `${port}` };
  const command = `"${process.execPath}" "${program}" simulator; true`;
  const shell = spawn("sh", ["-c", command], { env: { ...process.env, ...env } });
  await new Promise<void>((resolve) => {
    shell.stdout.on("data", (said) => String(said).includes("is ready") && resolve());
  });
  const health = () => fetch(`http://127.0.0.1:${port}/_sim/health`).then(({ status }) => status);
  expect(await health()).toBe(200);
  shell.kill("SIGKILL");
  await expect.poll(() => health().catch(() => "gone"), { timeout: 10_000 }).toBe("gone");
  rmSync(folder, { recursive: true, force: true });
});

it("lists, shows and redrives a dead letter of a running pipeline", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdline-cli-"));
  const ports = { HOLDLINE_PORT: "0", HOLDLINE_OPS_PORT: "0", HOLDLINE_QUOTAS: "off" };
  const env = environment({ ...ports, HOLDLINE_DATA: folder });
  const running = await start(env, undefined, standardLog("silent"));
  const opsPort = { HOLDLINE_OPS_PORT: new URL(running.opsUrl).port };
  const credentials = { accessKeyId: "stand-in", secretAccessKey: "stand-in" };
  const sqs = new SQSClient({ region: "us-west-2", endpoint: running.awsUrl, credentials });
  const QueueUrl = `${running.awsUrl}/111122223333/sms-inbound`;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "this is not JSON" }));

  const listed = await expect
    .poll(async () => (await holdline(["dlq", "list"], opsPort)).out, { timeout: 15_000 })
    .toContain("unreadable")
    .then(() => holdline(["dlq", "list"], opsPort));
  const id = listed.out.slice(0, 32);
  const shown = await holdline(["dlq", "show", id], opsPort);
  expect(JSON.parse(shown.out)).toMatchObject({
    id,
    data: { stage: "ingest", code: "unreadable" },
  });
  expect((await holdline(["dlq", "redrive", id], opsPort)).out).toContain("redriven");
  expect((await holdline(["dlq", "redrive", id], opsPort)).out).toContain("before");
  const unknown = await holdline(["dlq", "show", "nothing"], opsPort);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.out).toContain("dlq list");
  await running.close();
  sqs.destroy();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
