import { type Bot, lexV1, lexV2 } from "@holdline/bots";
import { type AwsSettings, type Channel, smsAws, smsTwilio } from "@holdline/channels";
import {
  amazonConnect,
  type ContactBook,
  connectClient,
  participantClient,
} from "@holdline/connect";
import { DeadLetter } from "@holdline/runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Ports } from "./ports.ts";
import { type Settings, type SettingsPort, speaks } from "./settings/index.ts";

/** Where AWS is, and who we are to it. `endpoint` is set for anything that is not AWS itself. */
export interface AwsPlace {
  readonly region: string;
  readonly endpoint?: string | undefined;
  /** The topic of this deployment that chats are streamed to; the settings' own where there is none. */
  readonly streamingTopic?: string | undefined;
}

/** What channels are told that is in no settings file. */
export interface ChannelSecrets {
  readonly twilioAuthToken?: (() => string) | undefined;
  /** Where the carrier of a channel reaches `/webhooks` from outside. */
  readonly publicUrl?: ((channel: string) => string | undefined) | undefined;
}

/** The channels that our numbers are on, and the one of AWS. */
export function channelsFor(
  settings: Settings,
  client: AwsSettings,
  { twilioAuthToken, publicUrl }: ChannelSecrets,
): ReadonlyMap<string, Channel> {
  const { sms, limits, twilio } = settings;
  const { maxSegments } = limits;
  const aws = smsAws({
    ...{ via: sms.via, client, maxSegments, httpsTopics: sms.httpsTopics },
    ...(sms.configurationSet !== undefined && { configurationSet: sms.configurationSet }),
    ...(sms.applicationId !== undefined && { applicationId: sms.applicationId }),
  });
  const channels: Channel[] = [aws];
  if (twilio && speaks(settings, "sms-twilio")) {
    if (!twilioAuthToken)
      throw new Error(
        "a number is on sms-twilio and the account's auth token is not set; set HOLDLINE_TWILIO_AUTH_TOKEN",
      );
    const from = publicUrl?.("sms-twilio");
    const webhookUrl = from && new URL("/webhooks/sms-twilio", from).href;
    channels.push(
      smsTwilio({
        ...{ accountSid: twilio.accountSid, authToken: twilioAuthToken, maxSegments },
        ...(webhookUrl && { webhookUrl }),
        ...(twilio.endpoint !== undefined && { endpoint: twilio.endpoint }),
      }),
    );
  }
  return new Map(channels.map((channel) => [channel.name, channel]));
}

/** The real ports: every AWS call of the stages goes through the clients made here. */
export function livePorts(
  settings: Settings,
  port: SettingsPort,
  book: ContactBook,
  { region, endpoint, streamingTopic, ...secrets }: AwsPlace & ChannelSecrets,
): Ports {
  // A socket for every conversation that may be in hand: a request that waits for one would use up its
  // time before a byte has left, and nobody could say whether it was sent.
  const agent = { keepAlive: true, maxSockets: 1_000 };
  const requestHandler = new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent });
  const client: AwsSettings = {
    region,
    requestHandler,
    ...(endpoint !== undefined && { endpoint }),
  };
  const { limits, instanceId, receiver } = settings;
  const topicArn = streamingTopic ?? settings.streamingTopicArn;
  const streams = receiver !== "socket" && topicArn !== undefined;
  const channels = channelsFor(settings, client, secrets);
  const bots = new Map(Object.entries(settings.bots).map(([name, bot]) => [name, botOf(bot)]));
  const flows = new Map(settings.numbers.map(({ address, flow }) => [address, flow]));

  function botOf(bot: Settings["bots"][string]): Bot {
    if (bot.kind === "lex-v1") return lexV1({ client, botName: bot.botName, botAlias: bot.alias });
    return lexV2({
      client,
      botId: bot.botId,
      botAliasId: bot.aliasId,
      ...(bot.locale !== undefined && { localeId: bot.locale }),
    });
  }

  return {
    settings: port,
    channel(name) {
      const channel = channels.get(name);
      if (!channel) throw new DeadLetter("unknown-channel");
      return channel;
    },
    bot(business) {
      const bot = bots.get(port.number(business)?.bot ?? "");
      if (!bot) throw new DeadLetter("bot-misconfigured");
      return bot;
    },
    contacts: amazonConnect({
      connect: connectClient({ region, endpoint }),
      participant: participantClient({ region, endpoint }),
      book,
      route(business) {
        const flowId = flows.get(business);
        if (!flowId) throw new DeadLetter("not-our-number");
        return { instanceId, flowId };
      },
      ...(streams && { streaming: { topicArn, alsoSocket: receiver === "both" } }),
      chatMinutes: limits.chatMinutes,
      textLimit: limits.relayCharacters,
    }),
  };
}
