import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetTranscriptCommand } from "@aws-sdk/client-connectparticipant";
import { DeleteMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "vitest";
import { simulator } from "../../packages/simulator/index.ts";
import { eventually, openSocket, PHONE, stopAll, talkTo } from "./stand-in.ts";

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  await stopAll();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "simulator-"));
  folders.push(folder);
  return folder;
};
const begin = async (folder: string, port = 0, speed = 1) => {
  const child = fork(new URL("./simulator-process.ts", import.meta.url), [
    String(port),
    folder,
    String(speed),
  ]);
  children.push(child);
  const [up] = (await once(child, "message")) as [{ url: string; port: number }];
  const kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { ...talkTo(up.url), port: up.port, kill, child };
};

describe("a simulator that is killed", () => {
  it("comes back with its chats, its texts, its agents and its queues", async () => {
    const folder = newFolder();
    const before = await begin(folder);
    const queued = await before.chat({ ClientToken: "queued" });
    await queued.socket.item("##QUEUE##");
    await before.door("POST", "/agents/maria", { state: "available", chats: 1 });
    await queued.socket.until(() =>
      queued.socket.items.some(({ ParticipantRole }) => ParticipantRole === "AGENT"),
    );
    const waiting = await before.chat({ Attributes: { customerAddress: "+14255550199" } });
    await waiting.socket.item("##QUEUE##");
    const sent = await queued.send("before the crash", "token-1");
    await before.door("POST", `/phones/${PHONE}/texts`, { text: "in the queue" });
    await before.door("PUT", "/functions/opt-in", { url: "http://127.0.0.1:9/" });
    await before.kill();

    const after = await begin(folder, before.port);
    const contacts = (await after.door("GET", "/contacts")).body;
    expect(contacts).toMatchObject([
      { contactId: queued.contactId, state: "connected" },
      { contactId: waiting.contactId, state: "queued", position: 1, customer: "+14255550199" },
    ]);
    expect((await after.startChat({ ClientToken: "queued" })).ContactId).toBe(queued.contactId);
    const { Transcript } = await after.participant.send(
      new GetTranscriptCommand({ ConnectionToken: queued.token, MaxResults: 100 }),
    );
    expect(Transcript?.[0]).toMatchObject({ Id: sent.Id, Content: "before the crash" });
    expect(await after.take("sms-inbound")).toHaveLength(1);
    expect((await after.door("GET", `/phones/${PHONE}/texts`)).body).toHaveLength(1);
    expect((await after.door("GET", "/functions")).body).toHaveLength(1);

    const url = (await after.credentials(queued.participantToken)).Websocket?.Url ?? "";
    const socket = await openSocket(url);
    await after.door("POST", `/contacts/${queued.contactId}/messages`, { text: "still here" });
    expect((await socket.item("still here")).ParticipantRole).toBe("AGENT");
    // The desk is free now, and the other chat, which waited through the crash, is next.
    await after.door("POST", `/contacts/${queued.contactId}/end`);
    await eventually(
      () => after.door("GET", "/agents/maria/contacts"),
      ({ body }) =>
        body.some((each: { contactId: string }) => each.contactId === waiting.contactId),
    );
  });

  it("goes on with waits and deliveries that were under way", async () => {
    const folder = newFolder();
    const before = await begin(folder, 0, 40);
    const { participantToken, socket } = await before.chat();
    await socket.item("##QUEUE##");
    await before.kill();
    const after = await begin(folder, before.port, 40);
    const url = (await after.credentials(participantToken)).Websocket?.Url ?? "";
    const next = await openSocket(url);
    await next.item("##QUEUE##");
  });

  it("loses nothing that it acknowledged, wherever the crash comes", async () => {
    const folder = newFolder();
    let port = 0;
    const acknowledged = new Set<string>();
    const deleted = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const up = await begin(folder, port);
      port = up.port;
      const QueueUrl = `${up.url}/111122223333/sms-inbound`;
      let going = true;
      const sender = async (name: string) => {
        for (let n = 0; going; n++) {
          const body = `${round}-${name}-${n}`;
          const sent = await up.sqs
            .send(new SendMessageCommand({ QueueUrl, MessageBody: body }))
            .catch(() => undefined);
          if (sent) acknowledged.add(body);
        }
      };
      const remover = async () => {
        while (going) {
          const messages = await up.take("sms-inbound", 1, 2).catch(() => []);
          const [message] = messages;
          if (!message) continue;
          const gone = await up.sqs
            .send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }))
            .catch(() => undefined);
          if (gone) deleted.add(message.Body ?? "");
          // Unsure: it may be gone or not, so nothing is claimed of it.
          else acknowledged.delete(message.Body ?? "");
        }
      };
      const workers = [sender("a"), sender("b"), sender("c"), remover()];
      const enough = (round + 1) * 150;
      await eventually(
        async () => acknowledged.size,
        (size) => size >= enough,
      );
      await up.kill();
      going = false;
      await Promise.all(workers);
    }
    const left = new Set<string>();
    const last = await simulator({ port: 0, dataDir: folder, quotas: "off" });
    const { take } = talkTo(last.url);
    // Messages in flight at the crash are hidden for two seconds more: they are waited for.
    const expected = [...acknowledged].filter((body) => !deleted.has(body));
    const { door } = talkTo(last.url);
    expect((await door("GET", "/health")).body).toEqual({ ok: true });
    await eventually(
      async () => {
        for (const { Body } of await take("sms-inbound", 1, 20)) left.add(Body ?? "");
        return expected.filter((body) => !left.has(body));
      },
      (missing) => missing.length === 0,
    );
    expect([...deleted].filter((body) => left.has(body))).toEqual([]);
    await last.close();
  }, 50_000);

  it("refuses a second simulator on the same folder, and a port in use, by name", async () => {
    const folder = newFolder();
    const up = await begin(folder);
    await expect(simulator({ port: 0, dataDir: folder })).rejects.toThrow("dataDir");
    await expect(simulator({ port: up.port })).rejects.toThrow("port");
    expect((await up.door("GET", "/health")).status).toBe(200);
  });

  it("closes its sockets when it is told to stop", async () => {
    const up = await begin(newFolder());
    const { socket } = await up.chat();
    up.child.kill("SIGTERM");
    expect(await socket.closed()).toMatchObject({ code: 1001 });
    await once(up.child, "exit");
  });
});
