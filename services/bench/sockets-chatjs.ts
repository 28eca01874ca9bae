import { createRequire } from "node:module";
import WebSocket from "ws";
import { abreast } from "./sockets-abreast.ts";
import type { Contender, Terms } from "./sockets-contender.ts";
import { tokenOf } from "./sockets-token.ts";

/** What is used of amazon-connect-chatjs: its own types are for browsers. */
interface ChatSessions {
  setGlobalConfig(config: object): void;
  create(session: object): {
    connect(): Promise<unknown>;
    onMessage(heard: () => void): void;
    onConnectionLost(lost: () => void): void;
  };
}

/** amazon-connect-chatjs as it is published; it is a bundle for browsers and finds here what it looks for there. */
export function chatjsContender({ chats, endpoint }: Terms): Contender {
  const counts = { open: 0, missed: 0, heard: 0 };
  likeABrowser();
  createRequire(import.meta.url)("amazon-connect-chatjs");
  const { ChatSession } = (globalThis as unknown as { connect: { ChatSession: ChatSessions } })
    .connect;
  const ignore = () => {};
  const customizedLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const region = "us-west-2";
  ChatSession.setGlobalConfig({
    loggerConfig: { customizedLogger, advancedLogWriter: "debug" },
    region,
    endpoint,
  });

  async function connect(n: number) {
    const session = ChatSession.create({
      chatDetails: {
        contactId: `chat-${n}`,
        participantId: `customer-${n}`,
        participantToken: tokenOf(`chat-${n}`),
      },
      type: "CUSTOMER",
      disableCSM: true,
      options: { region },
    });
    session.onMessage(() => {
      counts.heard += 1;
    });
    session.onConnectionLost(() => {
      counts.missed += 1;
    });
    await session.connect();
    counts.open += 1;
  }

  return {
    open: (say) =>
      abreast(chats, 100, connect, (soFar) => say(`chatjs: ${soFar} of ${chats} connected`)),
    counts: () => ({ ...counts }),
  };
}

/** The globals of a page, with `ws` for its sockets: lighter than Node's own. */
function likeABrowser() {
  const { fetch } = globalThis;
  const page = {
    ...{ window: globalThis, self: globalThis, WebSocket, fetch },
    navigator: { onLine: true, userAgent: "node" },
    document: { currentScript: null, visibilityState: "visible", addEventListener() {} },
    location: { protocol: "https:", href: "https://holdline/", hostname: "holdline" },
    addEventListener() {},
  };
  for (const [name, value] of Object.entries(page))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
