import {
  PinpointSMSVoiceV2Client,
  type PinpointSMSVoiceV2ClientConfig,
  SendTextMessageCommand,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import type { Channel, Sent } from "../channel.ts";
import { segmentation } from "../text/segments.ts";
import { settle } from "../verdict.ts";
import { readingOf } from "./verdict.ts";

/** Hands texts to AWS End User Messaging SMS. */
export function eumSender(options: {
  readonly client: PinpointSMSVoiceV2ClientConfig;
  readonly configurationSet?: string | undefined;
  readonly timeToLiveSeconds?: number | undefined;
}): Channel["send"] {
  // One attempt: SendTextMessage takes no idempotency token, so the SDK's own retries would double texts.
  const client = new PinpointSMSVoiceV2Client({ ...options.client, maxAttempts: 1 });

  return async function send(text, token, signal): Promise<Sent> {
    const command = new SendTextMessageCommand({
      DestinationPhoneNumber: text.to,
      OriginationIdentity: text.from,
      MessageBody: text.text,
      MessageType: "TRANSACTIONAL",
      ConfigurationSetName: options.configurationSet,
      TimeToLive: options.timeToLiveSeconds,
      // At most five pairs, no space in a key. The delivery events bring it back.
      Context: { token, conversation: text.conversationId },
    });
    let messageId: string | undefined;
    try {
      ({ MessageId: messageId } = await client.send(command, { abortSignal: signal }));
    } catch (error) {
      return settle(readingOf(error), error);
    }
    if (!messageId) return settle({ unsure: "carrier-answer" });
    return { accepted: true, carrierId: messageId, segments: segmentation(text.text).segments };
  };
}
