import {
  PinpointClient,
  type PinpointClientConfig,
  SendMessagesCommand,
  type SendMessagesCommandOutput,
} from "@aws-sdk/client-pinpoint";
import type { Channel, Sent } from "../channel.ts";
import { segmentation } from "../text/segments.ts";
import { settle } from "../verdict.ts";
import { readingOf } from "./verdict.ts";
import { deliveryStatuses, permanentFailures } from "./wire.ts";

/** Hands texts to Amazon Pinpoint, for accounts that still have it. */
export function pinpointSender(options: {
  readonly client: PinpointClientConfig;
  readonly applicationId: string;
}): Channel["send"] {
  // One attempt: SendMessages takes no idempotency token, so the SDK's own retries would double texts.
  const client = new PinpointClient({ ...options.client, maxAttempts: 1 });

  return async function send(text, token, signal): Promise<Sent> {
    const command = new SendMessagesCommand({
      ApplicationId: options.applicationId,
      MessageRequest: {
        Addresses: { [text.to]: { ChannelType: "SMS" } },
        MessageConfiguration: {
          SMSMessage: {
            Body: text.text,
            MessageType: "TRANSACTIONAL",
            OriginationNumber: text.from,
          },
        },
        Context: { token, conversation: text.conversationId },
      },
    });
    let output: SendMessagesCommandOutput;
    try {
      output = await client.send(command, { abortSignal: signal });
    } catch (error) {
      return settle(readingOf(error), error);
    }
    return outcomeOf(output, text.to, segmentation(text.text).segments);
  };
}

/** The HTTP status is 200 whatever became of the text; only the result of its address tells. */
function outcomeOf(output: SendMessagesCommandOutput, to: string, segments: number): Sent {
  const results = output.MessageResponse?.Result ?? {};
  const result = results[to] ?? Object.values(results)[0];
  if (result?.DeliveryStatus === "SUCCESSFUL") {
    const carrierId = result.MessageId ?? output.MessageResponse?.RequestId;
    return carrierId
      ? { accepted: true, carrierId, segments }
      : settle({ unsure: "carrier-answer" });
  }
  if (result?.DeliveryStatus === "PERMANENT_FAILURE") {
    const known = permanentFailures.find(([words]) => words.test(result.StatusMessage ?? ""));
    if (known) return { accepted: false, reason: known[1] };
  }
  return settle(deliveryStatuses[result?.DeliveryStatus ?? ""] ?? { unsure: "carrier-answer" });
}
