import { connect } from "node:net";
import { smsAws, smsTwilio, twilioAccount } from "@holdline/channels";
import { embedded, embeddedFaqTable } from "@holdline/embedded";
import { commitIsPublish, DeadLetter, ingress as ingressOver } from "@holdline/runtime";
import { onTestFinished } from "vitest";
import { optIn } from "../../../services/doors/opt-in.ts";
import { webhookDoor } from "../../../services/doors/webhook.ts";
import { faqAnswers } from "../../../services/faq/answer.ts";
import { metrics } from "../../../services/ops/metrics.ts";
import { eventsOf, opsRoutes } from "../../../services/ops/routes.ts";
import { opsServer } from "../../../services/ops/server.ts";
import { pipeline } from "../../../services/pipeline.ts";
import { refeedDoor } from "../../../services/refeed/door.ts";
import { business } from "../../support/conversation.ts";
import { ownFolder } from "../../support/folder.ts";
import { knowing } from "../../support/settings.ts";

/** The HTTP side of a pipeline, over a store of its own, with what is needed to knock at it. */
export async function desk(health: () => { ok: boolean } = () => ({ ok: true })) {
  const folder = ownFolder();
  const { log, store, progress: reached, close } = await embedded({ folder });
  const ingress = ingressOver(store, commitIsPublish(store), { now: () => new Date() });
  const secret = "0123456789abcdef0123456789abcdef";
  /** While the store is away nothing that comes by webhook can be let in. */
  const away = { is: false };
  const opens = optIn(ingress, knowing().settings, [business], secret);
  const counted = metrics();
  const lines: string[] = [];
  const writes = (facts: object, words: string) =>
    void lines.push(JSON.stringify({ facts, words }));
  const webhooks = webhookDoor({
    ...{ secret, store, holdBackMs: 20, publicUrl: () => twilioAccount.webhookUrl },
    ingress: {
      admit: (...given) =>
        away.is ? Promise.reject(new Error(given[1])) : ingress.admit(...given),
    },
    log: { debug: writes, info: writes, warn: writes, error: writes },
    channel(name) {
      if (name !== "sms-twilio") throw new DeadLetter("unknown-channel");
      return smsTwilio(twilioAccount);
    },
  });
  const progress = (key: string) =>
    Object.fromEntries(pipeline.map(({ name }) => [name, reached(name, key)] as const));
  const logged = { debug: writes, info: writes, warn: writes, error: writes };
  const functions = {
    "opt-in": opens,
    "faq-answer": faqAnswers(embeddedFaqTable(folder), logged),
  };
  const channel = () => smsAws({ client: { region: "us-west-2" } });
  const refeed = refeedDoor({ stages: pipeline, log, ingress, channel, secret });
  const routes = opsRoutes({
    ...{
      ingress,
      metrics: counted,
      functions,
      webhooks,
      refeed,
      health,
      standing: (key) => ({ folder, stages: progress(key) }),
    },
    letters: () => log.deadLetters(),
    events: (request) => eventsOf(log, request),
  });
  const server = await opsServer(routes, "127.0.0.1", 0);
  onTestFinished(async () => {
    await server.close();
    await close();
  });
  return {
    ...{ log, ingress, store, folder, secret, metrics: counted, url: server.url, lines, away },
    async get(path: string) {
      const answer = await fetch(`${server.url}${path}`);
      return { status: answer.status, text: await answer.text() };
    },
    async post(path: string, body: unknown = undefined) {
      const sent =
        typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
      const answer = await fetch(`${server.url}${path}`, {
        method: "POST",
        ...(sent !== undefined && { body: sent as string }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    /** Bytes as they are, and the answer as it is; nothing when the connection is broken without one. */
    raw: (bytes: string | Uint8Array) =>
      new Promise<string>((resolve) => {
        const socket = connect(server.port, "127.0.0.1");
        let answer = "";
        socket.on("data", (data) => {
          answer += data.toString("latin1");
          if (answer.includes("\r\n\r\n")) socket.end();
        });
        socket.on("close", () => resolve(answer));
        socket.on("error", () => resolve(answer));
        socket.end(bytes);
      }),
  };
}

/** What Amazon Connect sends to the opt-in function. */
export const flowEvent = (given: { contact?: object; parameters?: object } = {}) => ({
  Name: "ContactFlowEvent",
  Details: {
    ContactData: {
      ...{ ContactId: "v-1", Channel: "VOICE", LanguageCode: "en-US" },
      CustomerEndpoint: { Address: "+14255550182", Type: "TELEPHONE_NUMBER" },
      ...given.contact,
    },
    Parameters: { secondsWaited: "7500", estimatedWaitSeconds: "9000", ...given.parameters },
  },
});
