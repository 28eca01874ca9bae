/**
 * Tries every way to the network there is, before and after it was taken away; prints a line for each. What it
 * reaches for is a server of the test's, on loopback.
 */
import childProcess, { spawn } from "node:child_process";
import dgram, { createSocket } from "node:dgram";
import dns, { lookup, Resolver } from "node:dns";
import { resolve4 } from "node:dns/promises";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net, { connect, createServer, Socket } from "node:net";
import tls from "node:tls";
import { Worker } from "node:worker_threads";
import { denyNetwork } from "@holdline/replay";

const port = Number(process.argv[2]);
const url = `http://127.0.0.1:${port}/`;
const keptFetch = globalThis.fetch;
const agent = new http.Agent({ keepAlive: true });
const open = await fetch(url).then((answer) => answer.text());
console.log(`before: ${open}`);

const ways: Record<string, () => unknown> = {
  "net.connect": () => net.connect(port, "127.0.0.1"),
  "connect, imported before": () => connect(port, "127.0.0.1"),
  "a socket of one's own": () => new Socket().connect(port, "127.0.0.1"),
  "a unix socket": () => net.connect("/tmp/somewhere.sock"),
  "a server": () => createServer().listen(0, "127.0.0.1"),
  "an http server": () => http.createServer().listen(0, "127.0.0.1"),
  "http.get": () => http.get(url),
  "http.get by an agent of before": () => http.get(url, { agent }),
  "https.get": () => https.get(`https://127.0.0.1:${port}/`),
  "http2.connect": () => http2.connect(url),
  "tls.connect": () => tls.connect(port, "127.0.0.1"),
  fetch: () => fetch(url),
  "fetch of before": () => keptFetch(url),
  WebSocket: () => new WebSocket(`ws://127.0.0.1:${port}/`),
  "dgram.createSocket": () => dgram.createSocket("udp4").send("x", port, "127.0.0.1"),
  "createSocket, imported before": () => createSocket("udp4").bind(0),
  "dns.lookup": () => dns.lookup("localhost", () => {}),
  "lookup, imported before": () => lookup("localhost", () => {}),
  "dns.promises.resolve4": () => resolve4("example.com"),
  "a resolver": () => new Resolver().resolve4("example.com", () => {}),
  "another process": () => childProcess.spawnSync("true"),
  "spawn, imported before": () => spawn("true"),
  "another thread": () => new Worker("0", { eval: true }),
};

denyNetwork();
for (const [name, reach] of Object.entries(ways)) {
  const outcome = await tried(reach).catch((error: unknown) => rootOf(error));
  console.log(`${name}: ${outcome}`);
}

/** Resolves with what was reached; whatever goes wrong, at once or later, rejects. */
async function tried(reach: () => unknown): Promise<string> {
  const made = await reach();
  const late = made as Partial<NodeJS.EventEmitter> & EventTarget;
  return new Promise((resolve, reject) => {
    if (typeof late?.on === "function") late.on("error", reject);
    else late?.addEventListener?.("error", () => reject(new Error("an error event")));
    setTimeout(() => resolve("REACHED"), 300);
  });
}

function rootOf(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root instanceof Error ? root.name : String(root);
}
process.exit(0);
