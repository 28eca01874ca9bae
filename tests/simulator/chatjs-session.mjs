// The official customer client, unmodified, in a process of its own: it is made for browsers and wants their globals.
import { createRequire } from "node:module";
import { WebSocket } from "ws";

const require = createRequire(import.meta.url);
const give = (name, value) =>
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
give("window", globalThis);
give("self", globalThis);
give("navigator", { onLine: true, userAgent: "node" });
give("WebSocket", WebSocket);
give("document", { currentScript: null, visibilityState: "visible", addEventListener() {} });
give("location", { protocol: "https:", href: "https://customer/", hostname: "customer" });
give("addEventListener", () => {});
require("amazon-connect-chatjs");

const [endpoint, details] = process.argv.slice(2);
const quiet = () => {};
globalThis.connect.ChatSession.setGlobalConfig({
  loggerConfig: { customizedLogger: { debug: quiet, info: quiet, warn: quiet, error: quiet } },
  region: "us-west-2",
  endpoint,
});
const session = globalThis.connect.ChatSession.create({
  chatDetails: JSON.parse(details),
  type: "CUSTOMER",
  disableCSM: true,
  options: { region: "us-west-2" },
});
const tell = (event) => (heard) => process.send({ event, data: heard?.data });
session.onMessage(tell("message"));
session.onTyping(tell("typing"));
session.onEnded(tell("ended"));
session.onConnectionEstablished(tell("established"));
session.onConnectionBroken(tell("broken"));
session.onConnectionLost(tell("lost"));

const calls = {
  connect: () => session.connect(),
  send: (message) => session.sendMessage({ contentType: "text/plain", message }),
  type: () => session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" }),
  transcript: () =>
    session.getTranscript({ maxResults: 100, sortOrder: "ASCENDING", scanDirection: "BACKWARD" }),
  disconnect: () => session.disconnectParticipant(),
};
process.on("message", async ({ call, argument }) => {
  try {
    const result = await calls[call](argument);
    process.send({ call, data: result?.data ?? null });
  } catch (error) {
    process.send({ call, error: JSON.stringify(error) ?? String(error) });
  }
});
process.send({ event: "ready" });
