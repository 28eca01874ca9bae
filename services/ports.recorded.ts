import { smsAwsReading, smsTwilioReading } from "@holdline/channels/reading";
import { partsOf } from "@holdline/connect/parts";
import { type OutOfReach, outOfReach } from "@holdline/replay";
import { DeadLetter } from "@holdline/runtime";
import type { Ports } from "./ports.ts";
import type { Settings, SettingsPort } from "./settings/index.ts";

/** The ports of a replay: settings are real, and so is all that only reads; nothing of it can reach anybody. */
export function recordedPorts({ limits }: Settings, port: SettingsPort): OutOfReach<Ports> {
  const { maxSegments } = limits;
  const readings = [smsAwsReading({ maxSegments }), smsTwilioReading({ maxSegments })];
  const channels = new Map(
    readings.map((reading) => [reading.name, { ...reading, send: outOfReach("channel.send") }]),
  );
  return {
    settings: port,
    channel(name) {
      const channel = channels.get(name);
      if (!channel) throw new DeadLetter("unknown-channel");
      return channel;
    },
    bot: () => ({ name: "recorded", ask: outOfReach("bot.ask") }),
    contacts: {
      open: outOfReach("contacts.open"),
      say: outOfReach("contacts.say"),
      leave: outOfReach("contacts.leave"),
      fit: (text) => partsOf(text, limits.relayCharacters),
    },
  };
}
