import * as z from "zod";

/** How a client says who it is (`sasl`): user and password, or the IAM role of an MSK client. */
const Sasl = z.discriminatedUnion("mechanism", [
  z.strictObject({
    mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]),
    username: z.string().min(1),
    password: z.string().min(1),
  }),
  /** Amazon MSK with IAM: tokens of the AWS credentials at hand, always over TLS. */
  z.strictObject({ mechanism: z.literal("aws-msk-iam"), region: z.string().min(1) }),
]);

/** Where the brokers are, and how Holdline uses them. */
export const KafkaOptions = z.strictObject({
  /** `host:port` of a few brokers; the others are learned from them. */
  brokers: z.array(z.string().regex(/^[^\s:]+:\d+$/, "host:port")).min(1),
  /** Goes before every topic's and group's name, so that several installations can share brokers. */
  prefix: z
    .string()
    .regex(/^[a-z0-9._-]*$/, "lower case letters, digits, dot, dash and underscore")
    .default("holdline."),
  /**
   * Partitions a topic is made with, and by which keys are spread over them. Keys are spread over this
   * number whatever the broker has, so that a topic that was given more keeps its order; changing it
   * on a living system would put a conversation in two partitions (README).
   */
  partitions: z.int().min(1).max(1_000).default(12),
  /** Copies a topic is made with; a write is safe when all but one have it. 1 where there is one broker. */
  replication: z.int().min(1).max(7).default(3),
  /** How long topics keep events. */
  retentionDays: z.number().positive().default(30),
  /** `ca`: the certificate, as PEM, of the authority that signed the brokers'; `true` trusts the usual ones. */
  tls: z.union([z.boolean(), z.strictObject({ ca: z.string().min(1) })]).default(false),
  sasl: Sasl.optional(),
  /** Tries to reach a broker before giving up, 0.1 to 2 s apart: long enough for one to restart. */
  connectAttempts: z.int().min(1).default(30),
  /** Conversations a subscriber works on at once in each partition. */
  atOnce: z.int().min(1).default(32),
  /** Unsettled events a partition may have before it is not read on for a while. */
  inHand: z.int().min(1).default(1_000),
});
export type KafkaOptions = z.input<typeof KafkaOptions>;
export type KafkaSettings = z.output<typeof KafkaOptions>;
