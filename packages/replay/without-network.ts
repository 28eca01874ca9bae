import childProcess from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import workerThreads from "node:worker_threads";

/** Thrown where a program that may not reach the network tries to. */
export class NetworkDenied extends Error {
  override readonly name = "NetworkDenied";
}

/**
 * Takes the network away from this process, loopback included, for good: sockets, servers, names, fetch, and
 * the processes and threads that could have one of their own. What was imported before loses it too.
 */
export function denyNetwork(): void {
  const refuse = (what: string) =>
    function refused(): never {
      throw new NetworkDenied(`a replay has no network: ${what}`);
    };
  const deny = (owner: object, names: readonly string[], of: string) => {
    for (const name of names) {
      if (!(name in owner)) continue;
      Object.defineProperty(owner, name, {
        value: refuse(`${of}.${name}`),
        writable: false,
        configurable: false,
      });
    }
  };
  deny(net.Socket.prototype, ["connect"], "net.Socket");
  deny(net.Server.prototype, ["listen"], "net.Server");
  deny(net, ["connect", "createConnection", "createServer"], "net");
  deny(dgram.Socket.prototype, ["bind", "connect", "send"], "dgram.Socket");
  deny(dgram, ["createSocket"], "dgram");
  for (const names of [dns, dns.promises]) {
    const asking = Object.keys(names).filter((name) => /^(lookup|resolve|reverse)/.test(name));
    deny(names, asking, "dns");
    const { prototype } = names.Resolver;
    deny(
      prototype,
      Object.getOwnPropertyNames(prototype).filter((name) => /^(resolve|reverse)/.test(name)),
      "dns.Resolver",
    );
  }
  deny(
    childProcess,
    ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"],
    "child_process",
  );
  deny(workerThreads, ["Worker"], "worker_threads");
  deny(globalThis, ["fetch", "WebSocket", "EventSource"], "globalThis");
  deny(process, ["binding", "_linkedBinding", "dlopen"], "process");
  syncBuiltinESMExports();
}
