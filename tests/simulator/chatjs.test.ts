import { type ChildProcess, fork } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { standIn, stopAll } from "./stand-in.ts";

type Said = {
  readonly event?: string;
  readonly call?: string;
  readonly error?: string;
  readonly data?: {
    readonly Content?: string;
    readonly ContentType?: string;
    readonly ParticipantRole?: string;
    readonly Transcript?: readonly { readonly Content?: string }[];
  };
};

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await stopAll();
});

/** A customer at the official client, who does as told and says what it heard. */
const customer = (endpoint: string, details: object) => {
  const child = fork(new URL("./chatjs-session.mjs", import.meta.url), [
    endpoint,
    JSON.stringify(details),
  ]);
  children.push(child);
  const said: Said[] = [];
  const wakes = new Set<() => void>();
  child.on("message", (message: Said) => {
    said.push(message);
    for (const wake of [...wakes]) wake();
  });
  const until = async (right: (each: Said) => boolean, times = 1): Promise<Said> => {
    for (;;) {
      const found = said.filter(right);
      if (found.length >= times) return found[times - 1] as Said;
      await new Promise<void>((resolve) => {
        wakes.add(resolve);
      }).then(() => wakes.clear());
    }
  };
  const calls = new Map<string, number>();
  return {
    said,
    until,
    heard: (words: string) =>
      until(({ event, data }) => event === "message" && data?.Content?.startsWith(words) === true),
    async does(call: string, argument?: string) {
      const times = (calls.get(call) ?? 0) + 1;
      calls.set(call, times);
      child.send({ call, argument });
      const result = await until((each) => each.call === call, times);
      expect(result.error).toBeUndefined();
      return result.data;
    },
  };
};

describe("amazon-connect-chatjs 5.0.0", () => {
  it("holds a whole session, and finds its way back after its socket was dropped", async () => {
    const { startChat, door, url } = await standIn({ agents: [{ name: "maria" }] });
    const started = await startChat();
    const { until, heard, does } = customer(url, {
      contactId: started.ContactId,
      participantId: started.ParticipantId,
      participantToken: started.ParticipantToken,
    });
    await until(({ event }) => event === "ready");
    await does("connect");
    await until(({ event }) => event === "established");
    await heard("##QUEUE## state=WAITING");
    await until(({ event, data }) => event === "message" && data?.ParticipantRole === "AGENT");

    expect(await does("send", "where is my order?")).toMatchObject({ Id: expect.any(String) });
    await heard("where is my order?");
    await door("POST", `/contacts/${started.ContactId}/typing`);
    await until(({ event, data }) => event === "typing" && data?.ParticipantRole === "AGENT");
    await door("POST", `/contacts/${started.ContactId}/messages`, { text: "on its way" });
    await heard("on its way");
    await does("type");

    await door("POST", "/faults", { dropSockets: true });
    await until(({ event }) => event === "established", 3);
    await door("POST", `/contacts/${started.ContactId}/messages`, { text: "are you back?" });
    await heard("are you back?");

    const transcript = (await does("transcript"))?.Transcript ?? [];
    expect(transcript.flatMap(({ Content }) => Content ?? [])).toEqual([
      expect.stringContaining("##QUEUE##"),
      "where is my order?",
      "on its way",
      "are you back?",
    ]);
    await does("disconnect");
    await until(({ event }) => event === "ended");
    expect((await door("GET", "/contacts")).body[0].state).toBe("ended");
  });
});
