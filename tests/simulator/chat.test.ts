import {
  DisconnectParticipantCommand,
  GetTranscriptCommand,
  SendEventCommand,
} from "@aws-sdk/client-connectparticipant";
import { afterEach, describe, expect, it } from "vitest";
import { eventually, openSocket, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

afterEach(stopAll);

describe("a chat", () => {
  it("starts its flow when the customer connects, and says where it waits", async () => {
    const { startChat, credentials, door } = await standIn();
    const started = await startChat();
    const before = (await door("GET", "/contacts")).body;
    expect(before).toEqual([
      {
        contactId: started.ContactId,
        initialContactId: started.ContactId,
        customer: PHONE,
        state: "created",
        queue: null,
        position: null,
        openSockets: 0,
      },
    ]);
    const socket = await openSocket(
      (await credentials(started.ParticipantToken)).Websocket?.Url ?? "",
    );
    expect((await socket.item("participant.joined")).ParticipantRole).toBe("CUSTOMER");
    const marker = await socket.item("##QUEUE##");
    expect(marker).toMatchObject({
      Content: "##QUEUE## state=WAITING position=1 size=1 oldest=0",
      ParticipantRole: "SYSTEM",
      ContactId: started.ContactId,
    });
    expect((await door("GET", "/contacts")).body[0]).toMatchObject({
      state: "queued",
      queue: "sms",
      position: 1,
      openSockets: 1,
    });
  });

  it("goes to a free agent, who sees everything, and ends when the agent ends it", async () => {
    const { chat, door } = await standIn();
    const { socket, contactId, send } = await chat();
    await socket.item("##QUEUE##");
    await door("POST", "/agents/maria", { state: "available" });
    await socket.until(() =>
      socket.items.some(({ ParticipantRole }) => ParticipantRole === "AGENT"),
    );
    await send("my order is late");
    await door("POST", `/contacts/${contactId}/messages`, { text: "let me look" });
    await socket.item("let me look");
    const [desk] = (await door("GET", "/agents/maria/contacts")).body;
    expect(desk).toMatchObject({ contactId, customer: PHONE, queue: "sms", state: "connected" });
    expect(
      desk.transcript.map((line: { role: string; text: string }) => [line.role, line.text]),
    ).toEqual([
      ["CUSTOMER", "participant.joined"],
      ["SYSTEM", "##QUEUE## state=WAITING position=1 size=1 oldest=0"],
      ["AGENT", "participant.joined"],
      ["CUSTOMER", "my order is late"],
      ["AGENT", "let me look"],
    ]);
    await door("POST", `/contacts/${contactId}/end`);
    await socket.item("participant.left");
    await socket.item("chat.ended");
    expect((await thrown(send("still there?"))).name).toBe("AccessDeniedException");
    expect((await door("GET", "/agents/maria/contacts")).body[0].state).toBe("ended");
  });

  it("waits again under a new ContactId when it is transferred", async () => {
    const { chat, door } = await standIn({ agents: [{ name: "maria", chats: 1 }] });
    const { socket, contactId } = await chat();
    await socket.until(() =>
      socket.items.some(({ ParticipantRole }) => ParticipantRole === "AGENT"),
    );
    await door("POST", "/agents/maria", { state: "offline" });
    const moved = (await door("POST", `/contacts/${contactId}/transfer`, { queue: "billing" }))
      .body;
    const succeeded = await socket.item("transfer.succeeded");
    expect(moved.contactId).not.toBe(contactId);
    expect(succeeded).toMatchObject({ ContactId: moved.contactId, InitialContactId: contactId });
    await socket.until(
      () => socket.items.filter(({ Content }) => Content?.startsWith("##QUEUE##")).length === 2,
    );
    expect((await door("GET", "/contacts")).body[0]).toMatchObject({
      contactId: moved.contactId,
      queue: "billing",
      state: "queued",
    });
  });

  it("lets those who waited longer on the phone go first", async () => {
    const { chat, door } = await standIn();
    const first = await chat();
    await first.socket.item("##QUEUE##");
    const second = await chat({ Attributes: { customerAddress: PHONE, waitedSeconds: "7300" } });
    expect((await second.socket.item("##QUEUE##")).Content).toContain("position=1 size=2");
    await door("POST", "/agents/maria", { state: "available", chats: 1 });
    await second.socket.until(() =>
      second.socket.items.some(({ ParticipantRole }) => ParticipantRole === "AGENT"),
    );
    expect(first.socket.items.some(({ ParticipantRole }) => ParticipantRole === "AGENT")).toBe(
      false,
    );
  });

  it.each([
    ["closed", { hours: "closed" }, "##QUEUE## state=CLOSED"],
    ["full", { capacity: 0 }, "##QUEUE## state=FULL"],
  ])("hears that the queue is %s, and ends", async (_, settings, marker) => {
    const { chat, door } = await standIn();
    await door("PUT", "/queues/sms", settings);
    const { socket } = await chat();
    expect((await socket.item("##QUEUE##")).Content).toBe(marker);
    await socket.item("chat.ended");
  });

  it("hears the marker again after every wait", async () => {
    const { chat } = await standIn({ speed: 2_000 });
    const { socket } = await chat();
    await socket.until(
      () => socket.items.filter(({ Content }) => Content?.startsWith("##QUEUE##")).length === 3,
    );
  });

  it("answers a client token once", async () => {
    const { startChat, chat, participant } = await standIn();
    const [one, two] = [
      await startChat({ ClientToken: "a" }),
      await startChat({ ClientToken: "a" }),
    ];
    expect(two.ContactId).toBe(one.ContactId);
    const { send, token } = await chat();
    expect((await send("hi", "b")).Id).toBe((await send("hi", "b")).Id);
    const twice = () =>
      participant.send(
        new DisconnectParticipantCommand({ ConnectionToken: token, ClientToken: "c" }),
      );
    await twice();
    await twice();
  });

  it("shows typing and keeps it out of the transcript", async () => {
    const { chat, participant } = await standIn();
    const { socket, token } = await chat();
    await participant.send(
      new SendEventCommand({
        ConnectionToken: token,
        ContentType: "application/vnd.amazonaws.connect.event.typing",
      }),
    );
    await socket.item("event.typing");
    const { Transcript = [] } = await participant.send(
      new GetTranscriptCommand({ ConnectionToken: token, MaxResults: 100 }),
    );
    expect(Transcript.some(({ ContentType }) => ContentType?.endsWith("typing"))).toBe(false);
  });

  it("reads its transcript a page at a time, in both directions", async () => {
    const { chat, participant } = await standIn();
    const { send, token } = await chat();
    const ids: (string | undefined)[] = [];
    for (let n = 0; n < 25; n++) ids.push((await send(`message ${n}`)).Id);
    const pages = async (ScanDirection: "FORWARD" | "BACKWARD", from: number) => {
      const seen: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await participant.send(
          new GetTranscriptCommand({
            ConnectionToken: token,
            ScanDirection,
            SortOrder: ScanDirection === "FORWARD" ? "ASCENDING" : "DESCENDING",
            MaxResults: 7,
            NextToken,
            ...(!NextToken && { StartPosition: { Id: ids[from] } }),
          }),
        );
        seen.push(...(page.Transcript ?? []).map(({ Id }) => Id));
        NextToken = page.NextToken;
      } while (NextToken);
      return seen;
    };
    expect(await pages("FORWARD", 3)).toEqual(ids.slice(3));
    expect((await pages("BACKWARD", 20)).slice(0, 21)).toEqual(ids.slice(0, 21).reverse());
  });

  it("forgets chats and texts at a reset, and keeps functions and queues", async () => {
    const { chat, door } = await standIn();
    const { socket } = await chat();
    await door("PUT", "/functions/opt-in", { url: "http://127.0.0.1:9/opt-in" });
    await door("POST", `/phones/${PHONE}/texts`, { text: "hi" });
    await door("POST", "/reset");
    expect(await socket.closed()).toMatchObject({ code: 1001 });
    expect((await door("GET", "/contacts")).body).toEqual([]);
    expect((await door("GET", `/phones/${PHONE}/texts`)).body).toEqual([]);
    expect((await door("GET", "/functions")).body).toHaveLength(1);
    expect(
      (
        await eventually(
          () => door("GET", "/queues"),
          () => true,
        )
      ).body,
    ).toHaveLength(1);
  });
});
