import type { Secured } from "./secured.ts";

interface Place {
  readonly port: number;
  readonly controllerPort: number;
  readonly folder: string;
  /** A second door, with TLS and passwords. */
  readonly secured?: Secured | undefined;
}

/** The broker's settings: one node that is broker and controller, on loopback, one copy of everything. */
export function properties({ port, controllerPort, folder, secured }: Place): string {
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const doors = secured ? `${plain},${secured.listener}` : plain;
  const settings = {
    ...secured?.settings,
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `${doors},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": doors,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": `${folder}/data`,
    // A broker that was killed is waited out this long before it is let in again.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    "auto.create.topics.enable": false,
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.num.partitions": 4,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
