import type { KafkaOptions } from "@holdline/kafka";
import { kafka } from "@holdline/kafka";
import { describe, expect, it } from "vitest";
import { broker, openKafka, ownPlace } from "../support/kafka.ts";
import { arriving } from "../support/make.ts";

const up = broker({ withSecuredDoor: true });

function door() {
  const { secured } = up.the;
  if (!secured) throw new Error("the broker has no such door");
  return secured;
}

type Mechanism = "plain" | "scram-sha-256" | "scram-sha-512";

const through = (mechanism: Mechanism, password = door().password): KafkaOptions => ({
  ...ownPlace(door().address),
  tls: { ca: door().ca },
  sasl: { mechanism, username: door().username, password },
  connectAttempts: 2,
});

const said = arriving({
  type: "message.received",
  version: 1,
  key: "c-1",
  data: { conversationId: "c-1" },
});

describe("Kafka behind TLS and a password", () => {
  it.each(["plain", "scram-sha-256", "scram-sha-512"] as const)(
    "carries events for who has the password, by %s",
    async (mechanism) => {
      const transport = await openKafka(through(mechanism), ["message"]);
      await transport.publish([said]);
      const heard: unknown[] = [];
      const stop = new AbortController();
      await transport.consume(
        { name: "reader", topics: ["message"] },
        async (raw) => {
          heard.push(raw);
          stop.abort();
          return { verdict: "ack" };
        },
        stop.signal,
      );
      expect(heard).toEqual([said]);
    },
  );

  it.each(["plain", "scram-sha-512"] as const)(
    "refuses a wrong password at once, and says so, by %s",
    async (mechanism) => {
      const opening = kafka(through(mechanism, "guessed"), { topics: ["message"] });
      await expect(opening).rejects.toThrow(/[Aa]uthentication/);
      await expect(opening).rejects.not.toThrow(/guessed/);
    },
  );

  it("is not trusted without the certificate of who signed", async () => {
    const opening = kafka({ ...through("plain"), tls: true }, { topics: ["message"] });
    await expect(opening).rejects.toThrow(/self-signed certificate/);
  });

  it("does not speak to who comes without TLS", async () => {
    const { tls: _, ...plain } = through("plain");
    await expect(kafka(plain, { topics: ["message"] })).rejects.toThrow();
  });
});
