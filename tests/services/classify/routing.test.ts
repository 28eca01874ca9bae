import { type Draft, MessageClassified, MessageHandedOver } from "@holdline/events";
import { describe, expect, it } from "vitest";
import { classify } from "../../../services/classify.ts";
import {
  about,
  accepted,
  botAnswers,
  botStumped,
  classified,
  ends,
  joins,
  leaves,
  moved,
  opened,
  queued,
  relayRefused,
  replies,
  says,
  systemSays,
  texts,
  waiting,
  withAgent,
} from "../../support/conversation.ts";
import { knowing, wording } from "../../support/settings.ts";
import { told } from "../../support/told.ts";

const tell = (...facts: readonly Draft[]) => told(classify, knowing(), ...facts);
const handedOver = (agent: string, first: boolean, turns: readonly [string, string][]) =>
  MessageHandedOver({
    ...{ ...about, contactId: "k-1", agent, first },
    turns: turns.map(([speaker, text]) => ({ speaker: speaker as "bot" | "customer", text })),
  });

describe("classify, on who hears a text", () => {
  it("gives texts to the bot while the chat is wanted and while it waits", async () => {
    const wanted = await tell(...accepted, texts("one"), texts("two"));
    expect(wanted.said).toEqual([classified("two", "bot", "waiting")]);
    const open = await tell(...waiting, texts("three"));
    expect(open.said).toEqual([classified("three", "bot", "waiting", "k-1")]);
  });

  it("gives texts to the agent from the moment one joins until the last one left", async () => {
    const both = [...withAgent, joins("Ben")];
    const route = async (...facts: readonly Draft[]) =>
      ((await tell(...facts, texts("hi"))).said[0] as ReturnType<typeof classified>).data.route;
    expect(await route(...both)).toBe("agent");
    expect(await route(...both, leaves("Maria"))).toBe("agent");
    expect(await route(...both, leaves("Maria"), leaves("Ben"))).toBe("bot");
  });

  it("gives a new agent what bot and customer said, and tells the customer", async () => {
    const { said } = await tell(
      ...[...waiting, texts("when?"), botAnswers("when?", "At nine."), texts("and why?")],
      ...[botStumped("and why?"), joins()],
    );
    expect(said[0]).toEqual(
      handedOver("Maria", true, [
        ["customer", "when?"],
        ["bot", "At nine."],
        ["customer", "and why?"],
      ]),
    );
    expect(said.slice(1)).toEqual([
      replies("notice", wording("joined", { agent: "Maria" }), "e-8"),
    ]);
  });

  it("takes the first words of an agent for a joining that was not heard", async () => {
    const { said } = await tell(...waiting, says("Hello!"));
    expect(said[0]).toEqual(handedOver("Maria", true, []));
    expect((await tell(...withAgent, says("Hello!"))).said).toEqual([]);
  });

  it("does not take the system or the customer for an agent", async () => {
    expect((await tell(...waiting, systemSays("Please hold."))).said).toEqual([]);
  });

  it("gives a second agent what was said since the first one left, and nothing twice", async () => {
    const transferred = [...waiting, texts("when?"), joins(), leaves(), moved(), texts("still me")];
    const { said } = await tell(...transferred, joins("Ben"));
    expect(said[0]).toEqual(handedOver("Ben", false, [["customer", "still me"]]));
    const beside = await tell(...waiting, texts("when?"), joins(), joins("Ben"));
    expect(beside.said[0]).toEqual(handedOver("Ben", false, []));
  });

  it("tells the customer of a transfer when the chat is back in line", async () => {
    const { said } = await tell(...withAgent, leaves(), moved());
    expect(said).toEqual([replies("notice", wording("left"), "e-6")]);
    expect((await tell(...withAgent, leaves(), moved(), moved())).said).toEqual([]);
  });

  it("says nothing of the line while an agent is there", async () => {
    expect((await tell(...withAgent, moved())).said).toEqual([]);
  });

  it("tells the customer when the chat ended", async () => {
    const { said } = await tell(...withAgent, leaves(), ends());
    expect(said).toEqual([replies("notice", wording("ended"), "e-6")]);
    const early = await tell(...waiting, ends());
    expect(early.said).toEqual([replies("notice", wording("endedWaiting"), "e-4")]);
  });
});

describe("classify, in the races of a hand-over", () => {
  it("turns a bot's answer that comes after the agent into a note to the agent", async () => {
    const { said } = await tell(
      ...waiting,
      texts("when?"),
      joins(),
      botAnswers("when?", "At nine."),
    );
    expect(said).toEqual([
      MessageClassified({
        ...{ ...about, messageId: "bot:m:when?", text: "At nine.", attachments: [] },
        ...{ route: "agent", reason: "bot-answered-late", speaker: "bot", contactId: "k-1" },
        sentAt: "2026-01-01T12:00:06.000Z",
      }),
    ]);
  });

  it("says nothing of a bot that did not know, once an agent is there", async () => {
    const { said } = await tell(...waiting, texts("when?"), joins(), botStumped("when?"));
    expect(said).toEqual([]);
  });

  it("hears the chat before it hears that it is open", async () => {
    const early = [...accepted, queued(), joins(), texts("hi")];
    expect((await tell(...early)).said).toEqual([classified("hi", "agent", "with-agent", "k-1")]);
    const { state } = await tell(...early, opened());
    expect(state.contact).toMatchObject({ status: "open", id: "k-1", agents: ["Maria"] });
  });

  it("hears the end of a chat before it hears that it is open", async () => {
    const over = await tell(...accepted, ends(), opened());
    expect(over.said).toEqual([]);
    expect(over.state.contact.status).toBe("none");
  });

  it("lets nothing of an old chat touch the one that came after it", async () => {
    const again = [...withAgent, ends(), texts("again")];
    for (const late of [ends(), leaves(), joins("Ghost"), moved({ state: "CLOSED" }), queued()]) {
      const { said, state } = await tell(...again, late);
      expect(said).toEqual([]);
      expect(state.contact.status).toBe("wanted");
    }
    const { said } = await tell(...again, opened("k-2"), ends("k-1"));
    expect(said).toEqual([]);
  });

  it("leaves a chat that opens beside the one there is", async () => {
    const { said, state } = await tell(...waiting, opened("k-9"));
    expect(said).toMatchObject([
      { data: { route: "nobody", reason: "superseded", contactId: "k-9" } },
    ]);
    expect(state.contact.id).toBe("k-1");
  });
});

describe("classify, on a text that came back from the agent's chat", () => {
  const reopened = (text: string) => [
    {
      type: "contact.wanted",
      data: { opening: { messageId: `m:${text}`, text } },
    },
    { type: "reply.drafted", data: { text: wording("reopening") } },
  ];

  it("opens a new chat with it when the end was not heard yet", async () => {
    const { said, state } = await tell(...withAgent, relayRefused("wait!"));
    expect(said).toMatchObject(reopened("wait!"));
    expect(said).toHaveLength(2);
    expect(state.past).toEqual(["k-1"]);
    expect((await tell(...withAgent, relayRefused("wait!"), ends())).said).toEqual([]);
  });

  it("opens a new chat with it when the end was heard already", async () => {
    const { said } = await tell(...withAgent, ends(), relayRefused("wait!"));
    expect(said).toMatchObject(reopened("wait!"));
  });

  it("opens one chat for two of them, and gives the second to whoever is there", async () => {
    const two = [...withAgent, relayRefused("one")];
    const second = await tell(...two, relayRefused("two"));
    expect(second.said).toMatchObject([
      { type: "message.classified", data: { text: "two", route: "bot", reason: "relayed-again" } },
    ]);
    const later = await tell(...two, opened("k-2"), joins("Ben", "k-2"), relayRefused("two"));
    expect(later.said).toMatchObject([
      { type: "message.classified", data: { text: "two", route: "agent", contactId: "k-2" } },
    ]);
    const ben = await tell(...two, relayRefused("two"), opened("k-2"), joins("Ben", "k-2"));
    expect(ben.said[0]).toMatchObject({ data: { turns: [{ speaker: "customer", text: "two" }] } });
  });

  it("asks for other words when Connect would not have these", async () => {
    const { said } = await tell(...withAgent, relayRefused("\u0007", "k-1", "not-valid"));
    expect(said).toEqual([replies("notice", wording("notRelayed"), "m:\u0007")]);
  });

  it("is forgotten after STOP", async () => {
    const { said } = await tell(...withAgent, texts("STOP"), relayRefused("wait!"));
    expect(said).toEqual([]);
  });
});
