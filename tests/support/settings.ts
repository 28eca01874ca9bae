import type * as z from "zod";
import { type Settings as Given, settingsPort, worded } from "../../services/settings/index.ts";
import { Settings } from "../../services/settings/schema.ts";
import { shippedWording, type Wording } from "../../services/settings/wording.ts";

const number = { address: "+12065550100", flow: "sms-chat" };

/** Settings with one business number, and whatever the test cares about. */
export const settings = (given: Partial<z.input<typeof Settings>> = {}): Given =>
  Settings.parse({
    organisation: "Acme",
    instanceId: "i-1",
    numbers: [number],
    bots: { default: { kind: "lex-v2", botId: "HOLDLINE01", aliasId: "TSTALIASID" } },
    queues: { inbound: "http://127.0.0.1/in", delivery: "http://127.0.0.1/out" },
    ...given,
  });

/** The same as stages see them: at their own speed, without quotas. */
export const knowing = (given: Partial<z.input<typeof Settings>> = {}) => ({
  settings: settingsPort(settings(given), { speed: 1, quotas: Number.POSITIVE_INFINITY }),
});

/** The business number with something about it changed. */
export const withNumber = (given: object) => ({ numbers: [{ ...number, ...given }] });

/** What we say by default, by the wording's name, in the words of the organisation of these settings. */
export const wording = (
  name: keyof Wording,
  values: Readonly<Record<string, string | number>> = {},
  language = "en-US",
): string => worded(shippedWording(language)[name], { organisation: "Acme", ...values });
