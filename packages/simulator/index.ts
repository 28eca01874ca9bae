import { awsRoutes } from "./aws-routes.ts";
import { conversations as conversationsOf } from "./chat/conversations.ts";
import { sockets as socketsOf } from "./chat/sockets.ts";
import { calls as callsOf } from "./control/call.ts";
import { chatCalls } from "./control/chat-calls.ts";
import { controlDoor } from "./control/door.ts";
import { worldCalls } from "./control/world-calls.ts";
import { flowsIn, ownFlows } from "./flow/document.ts";
import { awsDoor } from "./http/aws-door.ts";
import { portFor } from "./http/connections.ts";
import { httpServer, listen } from "./http/server.ts";
import { fileJournal, memoryJournal } from "./journal/journal.ts";
import { type SimulatorOptions, settingsOf } from "./options.ts";
import { socketDoor } from "./participant/socket-door.ts";
import { carrier as carrierOf } from "./sms/carrier.ts";
import { numbers as numbersOf } from "./sms/numbers.ts";
import { outgoing as outgoingOf } from "./sms/outgoing.ts";
import { phones as phonesOf } from "./sms/phones.ts";
import { chatStreams, STREAMING } from "./sns/chat-streams.ts";
import { DELIVERY, INBOUND, topics as topicsOf } from "./sns/topics.ts";
import { queueStore } from "./sqs/store.ts";
import { type World, world as worldOf } from "./world.ts";

export type { Matcher } from "./lex/lex.ts";
export type { SimulatorOptions } from "./options.ts";
export type { Log } from "./world.ts";

// The stand-in for AWS: Connect with its chats, SMS, Lex and SQS on one loopback port, spoken to by the real SDK
// clients. Everything it knows is in memory and, with a dataDir, on disk before anybody is told of it.

/** A stand-in that is up. */
export interface Simulator {
  /** What to give SDK clients as `endpoint`. */
  readonly url: string;
  readonly port: number;
  /** Closes sockets, finishes writing, frees the port. */
  close(): Promise<void>;
}

const CLIENT_TOKEN_LIFE_MS = 7 * 24 * 3_600_000;

/** Starts a stand-in for AWS. It resolves when the port is open and all that an earlier run left is back. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settingsOf(options);
  const flows = settings.flowsDir ? flowsIn(settings.flowsDir) : ownFlows();
  const journal = settings.dataDir ? await fileJournal(settings.dataDir) : memoryJournal();
  const world = worldOf({
    journal,
    flows,
    speed: settings.speed,
    quotas: settings.quotas,
    log: settings.log ?? (() => {}),
  });
  const sockets = socketsOf(world);
  const queues = queueStore(journal, world.timers);
  const topics = topicsOf(world, queues);
  const stream = chatStreams(world, topics);
  const conversations = conversationsOf(world, sockets, stream);
  const numbers = numbersOf(journal);
  const phones = phonesOf(journal);
  const carrier = carrierOf(world, numbers, phones, topics);
  const outgoing = outgoingOf(world, numbers, carrier, settings.spendLimitUsd);

  for (const name of [INBOUND, DELIVERY, STREAMING])
    if (!queues.find(name))
      queues.save({ name, attributes: {}, createdAt: Date.now(), changedAt: Date.now() });
  if (!world.queues.settings("sms")) world.queues.set({ name: "sms", hours: "open" });
  for (const number of settings.numbers) if (!numbers.find(number.address)) numbers.set(number);
  for (const [name, url] of Object.entries(settings.functions)) world.functions.register(name, url);
  for (const agent of settings.agents)
    if (!world.agents.find(agent.name)) world.agents.set({ ...agent, state: "available" });
  forgetOldTokens(world);

  const routes = awsRoutes({
    world,
    conversations,
    numbers,
    outgoing,
    queues,
    matcher: settings.matcher ?? (() => undefined),
  });
  const calls = callsOf(world);
  const reset = () => {
    calls.reset();
    sockets.close(1001, "Going away");
    conversations.forget();
    carrier.forget();
    phones.forget();
    numbers.forgetOptOuts();
    world.answers.clear();
    for (const { name } of [...queues.all()]) queues.purge(name);
  };
  const control = controlDoor(world, {
    ...worldCalls({
      world,
      numbers,
      phones,
      carrier,
      calls,
      operations: routes.operations,
      dropSockets: () => sockets.cut(),
      reset,
    }),
    ...chatCalls(world, conversations, sockets),
  });
  const door = portFor(
    httpServer(
      awsDoor(world, routes),
      control,
      socketDoor(world, sockets, conversations),
      world.log,
    ),
  );
  const stop = async () => {
    world.timers.stop();
    await journal.close();
  };
  const port = await listen(door.server, settings.port, settings.host).catch(async (error) => {
    await stop();
    throw error;
  });
  const authority = `127.0.0.1:${port}`;
  world.socketOrigin = `ws://${authority}`;
  world.httpOrigin = `http://${authority}`;
  conversations.restore();
  carrier.restore();
  await journal.settled();

  let closing: Promise<void> | undefined;
  return {
    url: world.httpOrigin,
    port,
    close() {
      closing ??= (async () => {
        sockets.close(1001, "Going away");
        const closed = new Promise<void>((resolve) => door.server.close(() => resolve()));
        door.hangUp();
        await closed;
        await stop();
      })();
      return closing;
    },
  };
}

// A client token is good for seven days; older ones only take room.
function forgetOldTokens({ answers }: World): void {
  const oldest = Date.now() - CLIENT_TOKEN_LIFE_MS;
  for (const [key, { at }] of [...answers.entries()]) if (at < oldest) answers.remove(key);
}
