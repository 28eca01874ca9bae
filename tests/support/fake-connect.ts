import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { ChatItem } from "../../packages/connect/wire.ts";
import {
  type Call,
  type FakeChat,
  goodBehaviour,
  type Operation,
  operationAt,
  statusOf,
  type Use,
} from "./fake-connect-model.ts";

/** What a test holds of a fake Connect. */
export type FakeConnect = Awaited<ReturnType<typeof fakeConnect>>;

/**
 * A real HTTP and WebSocket server that is Connect to the programs under test, and can be told to
 * misbehave. It knows chats, tokens, sockets and transcripts; it knows no flows, queues or quotas.
 */
export async function fakeConnect() {
  const chats = new Map<string, FakeChat>();
  const tokens = new Map<string, { readonly chat: FakeChat; readonly use: Use }>();
  const started = new Map<unknown, FakeChat>();
  const sent = new Map<unknown, ChatItem>();
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const all = new Set<WebSocket>();
  let numbered = 0;
  let clock = Date.parse("2026-11-22T19:00:00.000Z");
  const misbehave = goodBehaviour();

  const changed = () => {
    for (const look of [...watchers]) look();
  };
  const tokenFor = (chat: FakeChat, use: Use) => {
    const token = `${use}-${++numbered}`;
    tokens.set(token, { chat, use });
    return token;
  };

  function start(request: Readonly<Record<string, unknown>> = {}): FakeChat {
    const contactId = `contact-${++numbered}`;
    const participantToken = `participant-${contactId}`;
    const chat: FakeChat = {
      contactId,
      participantToken,
      transcript: [],
      sockets: new Set(),
      request,
      ended: false,
      pagesRead: 0,
      mostSockets: 0,
    };
    tokens.set(participantToken, { chat, use: "participant" });
    chats.set(contactId, chat);
    return chat;
  }

  /** Writes an item into the transcript; `push` sends it to the sockets. */
  function write(chat: FakeChat, entry: Partial<ChatItem> = {}): ChatItem {
    clock += 1_000;
    const item: ChatItem = {
      Id: `item-${++numbered}`,
      AbsoluteTime: new Date(clock).toISOString(),
      Type: "MESSAGE",
      ContentType: "text/plain",
      DisplayName: "Maria",
      ParticipantRole: "AGENT",
      ...entry,
    };
    chat.transcript.push(item);
    return item;
  }

  function push(chat: FakeChat, item: ChatItem, to: Iterable<WebSocket> = chat.sockets) {
    const frame = JSON.stringify({ topic: "aws/chat", content: JSON.stringify(item) });
    for (const socket of to) for (let n = 0; n < misbehave.copies; n++) socket.send(frame);
  }

  function say(chat: FakeChat, Content: string, entry: Partial<ChatItem> = {}): ChatItem {
    const item = write(chat, { Content, ...entry });
    push(chat, item);
    return item;
  }

  function end(chat: FakeChat, { silently = false } = {}) {
    const item = write(chat, {
      Type: "EVENT",
      ContentType: "application/vnd.amazonaws.connect.event.chat.ended",
      ParticipantRole: undefined,
    });
    chat.ended = true;
    if (!silently) push(chat, item);
    return item;
  }

  function answer(operation: Operation, { body, bearer }: Call): unknown {
    if (operation === "StartChatContact") {
      const chat = started.get(body.ClientToken) ?? start(body);
      started.set(body.ClientToken, chat);
      return { ContactId: chat.contactId, ParticipantToken: chat.participantToken };
    }
    const { chat, use } = tokens.get(bearer ?? "") ?? {};
    const wanted = operation === "CreateParticipantConnection" ? "participant" : "connection";
    if (chat === undefined || use !== wanted) return "AccessDeniedException";
    // A chat that is over can still be read with the token it had.
    if (chat.ended && operation !== "GetTranscript") return "AccessDeniedException";
    switch (operation) {
      case "CreateParticipantConnection": {
        const types = body.Type as string[];
        return {
          ...(types.includes("WEBSOCKET")
            ? {
                Websocket: {
                  Url: `ws://127.0.0.1:${port}/ws?token=${tokenFor(chat, "socket")}`,
                  ConnectionExpiry: new Date(Date.now() + 3_600_000).toISOString(),
                },
              }
            : {}),
          ConnectionCredentials: {
            ConnectionToken: tokenFor(chat, "connection"),
            Expiry: new Date(Date.now() + 86_400_000).toISOString(),
          },
        };
      }
      case "SendMessage": {
        const key = `${chat.contactId}/${body.ClientToken}`;
        const item =
          sent.get(key) ?? say(chat, String(body.Content), { ParticipantRole: "CUSTOMER" });
        sent.set(key, item);
        return { Id: item.Id, AbsoluteTime: item.AbsoluteTime };
      }
      case "GetTranscript":
        return page(chat, body);
      case "DisconnectParticipant":
        end(chat);
        return {};
    }
  }

  function page(chat: FakeChat, body: Call["body"]) {
    const from = (body.StartPosition as { AbsoluteTime?: string } | undefined)?.AbsoluteTime ?? "";
    chat.pagesRead += 1;
    queueMicrotask(changed);
    const found = chat.transcript.filter(({ AbsoluteTime }) => AbsoluteTime >= from);
    const backward = body.ScanDirection !== "FORWARD";
    const scanned = backward ? found.toReversed() : found;
    const start = Number(body.NextToken ?? 0);
    const size = Math.min(Number(body.MaxResults ?? 10), misbehave.pageSize);
    const entries = scanned.slice(start, start + size);
    return {
      InitialContactId: chat.contactId,
      Transcript: backward === (body.SortOrder === "ASCENDING") ? entries.toReversed() : entries,
      ...(start + size < scanned.length ? { NextToken: String(start + size) } : {}),
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const operation = operationAt[request.url ?? ""];
    if (operation === undefined) return response.writeHead(404).end("{}");
    const header = request.headers["x-amz-bearer"];
    const call: Call = {
      operation,
      body: text ? JSON.parse(text) : {},
      bearer: typeof header === "string" ? header : undefined,
    };
    calls.push(call);
    changed();
    if (operation === "GetTranscript") await misbehave.transcriptHeldBy;
    const planned = misbehave.errors.find(
      (entry) => entry.operation === operation && entry.times > 0,
    );
    if (planned) planned.times -= 1;
    const reply = planned ? planned.error : answer(operation, call);
    if (typeof reply !== "string")
      return response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(reply));
    response
      .writeHead(statusOf[reply as keyof typeof statusOf], {
        "content-type": "application/json",
        "x-amzn-errortype": reply,
      })
      .end(JSON.stringify({ Message: reply }));
  }

  function admit(socket: WebSocket, chat: FakeChat) {
    all.add(socket);
    socket.on("close", () => {
      all.delete(socket);
      chat.sockets.delete(socket);
      changed();
    });
    socket.on("message", (data) => {
      const { topic } = JSON.parse(data.toString()) as { topic: string };
      if (topic === "aws/subscribe") subscribe(socket, chat);
      else if (!misbehave.deaf)
        socket.send(JSON.stringify(topic === "aws/ping" ? { topic, statusCode: 200 } : { topic }));
    });
  }

  function subscribe(socket: WebSocket, chat: FakeChat) {
    const about = (status: string) =>
      socket.send(
        JSON.stringify({ topic: "aws/subscribe", content: { status, topics: ["aws/chat"] } }),
      );
    if (misbehave.forbid-- > 0) return socket.send('{"message":"Forbidden","connectionId":"x"}');
    if (misbehave.ignoreSubscribes-- > 0) return;
    if (misbehave.refuseSubscribes-- > 0) return about("failure");
    chat.sockets.add(socket);
    chat.mostSockets = Math.max(chat.mostSockets, chat.sockets.size);
    about("success");
    changed();
  }

  const http = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const door = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on("upgrade", (request, stream, head) => {
    const token = new URL(request.url ?? "", "http://fake").searchParams.get("token") ?? "";
    const { chat, use } = tokens.get(token) ?? {};
    const away = misbehave.turnAway-- > 0 ? misbehave.turnAwayWith : 403;
    // A URL opens one socket, once.
    if (misbehave.turnAway >= 0 || chat === undefined || use !== "socket" || chat.ended) {
      stream.end(`HTTP/1.1 ${away} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    tokens.delete(token);
    door.handleUpgrade(request, stream, head, (socket) => admit(socket, chat));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    chats,
    calls,
    misbehave,
    start,
    write,
    push,
    say,
    end,
    /** Closes every socket of a chat without a word, or with a close code. */
    drop(chat: FakeChat, code?: number) {
      for (const socket of [...chat.sockets]) {
        chat.sockets.delete(socket);
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    /** Connection tokens given so far stop working. */
    expireTokens() {
      for (const [token, { use }] of tokens) if (use === "connection") tokens.delete(token);
    },
    callsOf: (operation: Operation) => calls.filter((call) => call.operation === operation),
    openSockets: () => all.size,
    /** Resolves as soon as something is so; what is asked about may be anybody's. */
    until(isSo: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      });
    },
    changed,
    async [Symbol.asyncDispose]() {
      for (const socket of all) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
