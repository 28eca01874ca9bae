import { frames } from "@holdline/connect";
import WebSocket from "ws";
import { type Beating, heartbeats } from "../socket-holder/heartbeats.ts";
import { abreast } from "./sockets-abreast.ts";
import type { Contender, Terms } from "./sockets-contender.ts";

interface Bare extends Beating {
  readonly socket: WebSocket;
  unanswered: boolean;
  /** Until it is subscribed. */
  subscribed: (() => void) | undefined;
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

  function hear(member: Bare, text: string) {
    const frame = JSON.parse(text);
    if (frame.topic === "aws/heartbeat") member.unanswered = false;
    else if (frame.topic === "aws/chat" && JSON.parse(frame.content).Content) counts.heard += 1;
    else if (frame.topic === "aws/subscribe") {
      counts.open += 1;
      beats.add(member);
      member.subscribed?.();
      member.subscribed = undefined;
    }
  }

  const connect = (n: number) =>
    new Promise<void>((subscribed, reject) => {
      const socket = new WebSocket(urls[n] ?? "", { perMessageDeflate: false });
      const member: Bare = { socket, slot: -1, unanswered: false, subscribed };
      socket.on("message", (data) => hear(member, data.toString()));
      socket.once("open", () => socket.send(frames.subscribe, text));
      socket.once("error", reject);
    });

  return {
    open: (say) =>
      abreast(chats, 100, connect, (soFar) => say(`bare ws: ${soFar} of ${chats} connected`)),
    counts: () => ({ ...counts }),
  };
}
