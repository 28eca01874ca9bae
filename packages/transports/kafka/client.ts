import { generateAuthToken } from "aws-msk-iam-sasl-signer-js";
import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { KafkaSettings } from "./options.ts";

/** A line about a broker: a name and what it is about, never a message's content. */
export type BrokerTrouble = (trouble: { readonly what: string; readonly broker?: string }) => void;

/** The kafkajs client: retries for as long as a broker may take to restart, and reports instead of printing. */
export function client(
  { brokers, tls, sasl, connectAttempts }: KafkaSettings,
  trouble: BrokerTrouble,
): Kafka {
  return new Kafka({
    clientId: "holdline",
    brokers,
    ssl: sasl?.mechanism === "aws-msk-iam" ? tls || true : tls,
    ...(sasl && { sasl: saslOf(sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: connectAttempts },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log }) =>
        trouble({
          what: String(log.error ?? log.message),
          ...(typeof log.broker === "string" && { broker: log.broker }),
        }),
  });
}

function saslOf(sasl: NonNullable<KafkaSettings["sasl"]>): SASLOptions {
  if (sasl.mechanism !== "aws-msk-iam") return sasl as SASLOptions;
  return {
    mechanism: "oauthbearer",
    oauthBearerProvider: async () => {
      const { token } = await generateAuthToken({ region: sasl.region });
      return { value: token };
    },
  };
}
