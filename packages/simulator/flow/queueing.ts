import { type ActionOf, on, out, text, wrong } from "./action.ts";
import type { QueueMetrics } from "./contact.ts";

/** Blocks about queues: choosing one, asking about it, waiting in it. */
export const queueing: Readonly<Record<string, ActionOf>> = {
  UpdateContactTargetQueue(parameters, contact) {
    const queue = text(parameters.QueueId);
    return queue && contact.setTargetQueue(queue) ? on : wrong;
  },

  TransferContactToQueue(_, contact) {
    return entered(contact.enqueue());
  },

  DequeueContactAndTransferToQueue(parameters, contact) {
    const queue = text(parameters.QueueId);
    return queue ? entered(contact.enqueue(queue)) : wrong;
  },

  CheckHoursOfOperation(parameters, contact) {
    const open = contact.hoursOpen(text(parameters.HoursOfOperationId));
    return open === undefined ? wrong : { went: "with", value: open ? "True" : "False" };
  },

  GetMetricData(parameters, contact, memory) {
    const metrics = contact.metrics(text(parameters.QueueId));
    if (!metrics) return wrong;
    memory.results.Metrics = {
      Queue: {
        Name: metrics.name,
        ARN: metrics.arn,
        Size: metrics.size,
        OldestContactAge: metrics.oldestSeconds,
        Position: metrics.position,
      },
      // "If there are no agents, no metrics are returned" for the agents.
      Agents:
        metrics.agents.online > 0
          ? {
              Online: { Count: metrics.agents.online },
              Available: { Count: metrics.agents.available },
              Staffed: { Count: metrics.agents.staffed },
            }
          : {},
    };
    return on;
  },

  CheckMetricData(parameters, contact) {
    const metrics = contact.metrics(text(parameters.QueueId));
    const read = MEASURES[text(parameters.MetricType) ?? ""];
    return metrics && read ? { went: "with", value: String(read(metrics)) } : wrong;
  },
};

const MEASURES: Readonly<Record<string, (metrics: QueueMetrics) => number>> = {
  NumberOfAgentsAvailable: ({ agents }) => agents.available,
  NumberOfAgentsStaffed: ({ agents }) => agents.staffed,
  NumberOfAgentsOnline: ({ agents }) => agents.online,
  OldestContactInQueueAgeSeconds: ({ oldestSeconds }) => oldestSeconds,
  NumberOfContactsInQueue: ({ size }) => size,
};

function entered(result: "queued" | "at-capacity" | "no-queue") {
  if (result === "queued") return out;
  return result === "at-capacity" ? ({ went: "wrong", error: "QueueAtCapacity" } as const) : wrong;
}
