import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectClient, StartChatContactCommand } from "@aws-sdk/client-connect";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { contactBook } from "@holdline/connect";
import { dynamoStore } from "@holdline/dynamodb";
import type { Event } from "@holdline/events";
import type { Emulator } from "@holdline/peers";
import { simulator } from "@holdline/simulator";
import { onTestFinished } from "vitest";
import { deployedVariables, placeVariables } from "../../services/aws-emulated/variables.ts";
import { freePorts } from "../../services/free-ports.ts";
import { standInSettings } from "../../services/stand-in.ts";
import { ownBus, ownTable } from "./aws.ts";

const main = new URL("../../services/socket-holder/main.ts", import.meta.url);
const patienceMs = 120_000;

interface Contact {
  readonly contactId: string;
  readonly state: string;
  readonly openSockets: number;
}

/** A holder as it runs on AWS: a process of its own. */
export interface Holder {
  readonly child: ChildProcess;
  sockets(): Promise<{ wanted: number; open: number; throttled: number }>;
  /** Resolves when it has gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Chats at the stand-in with its quotas, and any number of real holders that share them by a table of the
 * emulator's DynamoDB; what they publish is read from the bus.
 */
export async function holders(aws: Emulator) {
  const { region, credentials } = aws;
  const bus = await ownBus(aws, { heard: ["chat"], wake: ["contact"] });
  const place = await ownTable(aws);
  const book = contactBook(dynamoStore(place));
  const sim = await simulator({ port: 0, quotas: "aws", matcher: () => undefined });
  const stop = new AbortController();
  const running = new Set<ChildProcess>();
  const config = join(mkdtempSync(join(tmpdir(), "holdline-holders-")), "config.json");
  const { queues: _, ...settings } = standInSettings(sim.url);
  writeFileSync(config, JSON.stringify(settings));
  const heard: { readonly event: Event; readonly at: number }[] = [];
  const hearing = hear();
  onTestFinished(async () => {
    for (const child of running) child.kill("SIGKILL");
    stop.abort();
    await hearing;
    await sim.close();
  });

  async function hear() {
    const QueueUrl = bus.queueUrl("heard");
    while (!stop.signal.aborted) {
      const receive = new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 },
      });
      const { Messages = [] } = await bus.sqs.send(receive).catch(() => ({ Messages: [] }));
      for (const { Body = "" } of Messages)
        heard.push({ event: JSON.parse(Body).detail, at: Date.now() });
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
      await bus.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })).catch(() => {});
    }
  }

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${sim.url}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (const end = performance.now() + patienceMs; ; await sleep(25)) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    }
  }

  const contacts = () => ask<readonly Contact[]>("GET", "/_sim/contacts");
  const connect = new ConnectClient({ region, credentials, endpoint: sim.url, maxAttempts: 20 });

  /** Chats that are open and in the book; nobody holds them yet. */
  async function chats(count: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const started = await connect.send(
        new StartChatContactCommand({
          InstanceId: settings.instanceId,
          ContactFlowId: "sms-chat",
          ParticipantDetails: { DisplayName: "customer" },
          Attributes: { customerAddress: `+1425555${1_000 + n}` },
        }),
      );
      const { ContactId: contactId = "", ParticipantToken: participantToken = "" } = started;
      await book.open({ contactId, conversationId: `c_${contactId}`, participantToken });
      ids.push(contactId);
    }
    return ids;
  }

  async function holder(): Promise<Holder> {
    const [port = 0] = await freePorts(1);
    const child = fork(main, {
      silent: true,
      env: {
        ...process.env,
        ...placeVariables(aws, sim.url),
        ...deployedVariables({ busName: bus.busName, table: place.table, config }),
        HOLDLINE_LOG: "ERROR",
        HOLDLINE_WAKE_QUEUE: bus.queueUrl("wake"),
        HOLDLINE_OPS_PORT: `${port}`,
      },
    });
    running.add(child);
    const exited = once(child, "exit").then(() => void running.delete(child));
    child.stderr?.pipe(process.stderr, { end: false });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on("data", (chunk) => String(chunk).includes(" is ready") && resolve());
      child.once("exit", (code) => reject(new Error(`the holder ended with ${code}`)));
    });
    return {
      child,
      async sockets() {
        const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
        return ((await answer.json()) as { sockets: Awaited<ReturnType<Holder["sockets"]>> })
          .sockets;
      },
      async stop(signal = "SIGTERM") {
        child.kill(signal);
        await exited;
      },
    };
  }

  return {
    chats,
    holder,
    contacts,
    until,
    place,
    /** All chats get an agent. */
    agents: (chats: number) => ask("POST", "/_sim/agents/Maria", { state: "available", chats }),
    say: (contactId: string, text: string) =>
      ask("POST", `/_sim/contacts/${contactId}/messages`, { text }),
    /** Resolves when every chat has a socket. */
    held: (count: number) =>
      until(`${count} sockets`, async () => {
        const open = (await contacts()).filter(({ openSockets }) => openSockets > 0);
        return open.length >= count ? true : undefined;
      }),
    /**
     * What was published of what agents said, in the order of each chat's own numbers. A bus may have an event
     * twice, from before a holder was killed and after; it is one event.
     */
    said: (contactId: string) =>
      [...new Map(heard.map(({ event }) => [event.id, event])).values()]
        .filter(({ type, data }) => type === "chat.said" && (data as Said).contactId === contactId)
        .sort((a, b) => a.position.seq - b.position.seq)
        .map(({ data }) => (data as Said).text),
    heardAt: (text: string) => heard.find(({ event }) => (event.data as Said).text === text)?.at,
  };
}

interface Said {
  readonly contactId: string;
  readonly text: string;
}
