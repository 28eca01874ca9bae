import type { Secured } from "./secured.ts";

interface Place {
  readonly port: number;
  /** The controller's: broker 1 is it. */
  readonly controllerPort: number;
  /** 1, or 2 where there are two. */
  readonly id: number;
  /** How many brokers there are, and copies of what brokers keep for themselves. */
  readonly brokers: number;
  readonly folder: string;
  /** A second door, with TLS and passwords. */
  readonly secured?: Secured | undefined;
}

/** The settings of a broker on loopback; the first is the controller as well. */
export function properties(place: Place): string {
  const { port, controllerPort, id, brokers, folder, secured } = place;
  const isController = id === 1;
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const doors = secured ? `${plain},${secured.listener}` : plain;
  const settings = {
    ...secured?.settings,
    "process.roles": isController ? "broker,controller" : "broker",
    "node.id": id,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: isController ? `${doors},CONTROLLER://127.0.0.1:${controllerPort}` : doors,
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
    "offsets.topic.replication.factor": brokers,
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
