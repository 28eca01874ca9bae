import type { QueueMetrics } from "../flow/contact.ts";
import { connectArn } from "../identity.ts";
import type { World } from "../world.ts";

/** A queue's figures now, or undefined when there is no such queue. */
export function metricsOf(
  { queues, agents }: Pick<World, "queues" | "agents">,
  name: string,
  chatId?: string,
): QueueMetrics | undefined {
  if (!queues.settings(name)) return undefined;
  let online = 0;
  let available = 0;
  for (const agent of agents.all()) {
    if (agent.state !== "available") continue;
    online++;
    if (agents.busy(agent.name) < agent.chats) available++;
  }
  const position = chatId === undefined ? undefined : queues.position(name, chatId);
  return {
    name,
    arn: connectArn(`queue/${name}`),
    size: queues.sizeOf(name),
    oldestSeconds: queues.oldestAgeSeconds(name),
    ...(position !== undefined && { position }),
    agents: { online, available, staffed: online },
  };
}
