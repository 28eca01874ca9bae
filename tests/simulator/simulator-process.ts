import { simulator } from "../../packages/simulator/index.ts";

// A simulator in a process of its own, so that a test can kill it.
const [port, dataDir = "", speed] = process.argv.slice(2);
const up = await simulator({
  port: Number(port),
  dataDir,
  speed: Number(speed ?? 1),
  quotas: "off",
});
process.send?.({ url: up.url, port: up.port });
process.on("SIGTERM", () => void up.close().then(() => process.exit(0)));
