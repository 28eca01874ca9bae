import { once } from "node:events";
import { frames } from "@holdline/connect";
import WebSocket from "ws";
import { type Beating, heartbeats } from "../socket-holder/heartbeats.ts";
import { abreast } from "./sockets-abreast.ts";
import type { Contender, Terms } from "./sockets-contender.ts";

interface Bare extends Beating {
  socket: WebSocket;
  unanswered: boolean;
}

const text = { binary: false } as const;

/**
 * The least any client of these chats must do: connect, subscribe, answer for its heartbeats, parse
 * what is said. No URL is asked for, no transcript read, nothing kept.
 */
export function bareContender({ chats, urls, heartbeatMs }: Terms): Contender {
  const counts = { open: 0, missed: 0, heard: 0 };
  const beats = heartbeats<Bare>(heartbeatMs, (member) => {
    if (member.unanswered) counts.missed += 1;
    member.unanswered = true;
    member.socket.send(frames.heartbeat, text);
  });

  async function connect(n: number) {
    const socket = new WebSocket(urls[n] ?? "", { perMessageDeflate: false });
    const member = { socket, slot: -1, unanswered: false };
    const subscribed = Promise.withResolvers<void>();
    socket.on("message", (data) => {
      const frame = JSON.parse(data.toString());
      if (frame.topic === "aws/heartbeat") member.unanswered = false;
      else if (frame.topic === "aws/chat" && JSON.parse(frame.content).Content) counts.heard += 1;
      else if (frame.topic === "aws/subscribe") {
        counts.open += 1;
        subscribed.resolve();
      }
    });
    await once(socket, "open");
    socket.send(frames.subscribe, text);
    await subscribed.promise;
    beats.add(member);
  }

  return {
    open: (say) =>
      abreast(chats, 100, connect, (soFar) => say(`bare ws: ${soFar} of ${chats} connected`)),
    counts: () => ({ ...counts }),
  };
}
