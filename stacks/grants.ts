/// <reference path="../.sst/platform/config.d.ts" />
import type { OutsideService } from "@holdline/runtime";
import { ownFlow } from "../services/settings/index.ts";
import type { Shared } from "./functions.ts";

/** What a function may do that calls a service: the actions our ports make, on what the settings name. */
export function grantsOf(
  service: OutsideService,
  { env, chatFlow }: Shared,
): sst.aws.FunctionPermissionArgs[] {
  const { settings, deployment, arn } = env;
  const { instanceId, sms } = settings;
  switch (service) {
    case "bot":
      return Object.values(settings.bots).map((bot) =>
        bot.kind === "lex-v2"
          ? {
              actions: ["lex:RecognizeText"],
              resources: [arn("lex", `bot-alias/${bot.botId}/${bot.aliasId}`)],
            }
          : {
              actions: ["lex:PostText"],
              resources: [arn("lex", `bot:${bot.botName}:${bot.alias}`)],
            },
      );
    case "connect":
      // The participant's calls bear the chat's own token: IAM has no say in them.
      return [
        {
          actions: [
            "connect:StartChatContact",
            ...(settings.receiver === "socket" ? [] : ["connect:StartContactStreaming"]),
          ],
          resources: [
            arn("connect", `instance/${instanceId}`),
            arn("connect", `instance/${instanceId}/contact/*`),
            ...(chatFlow ? [chatFlow.arn] : []),
            ...settings.numbers
              .filter(({ flow }) => flow !== ownFlow)
              .map(({ flow }) => arn("connect", `instance/${instanceId}/contact-flow/${flow}`)),
          ],
        },
      ];
    case "sms":
      return sms.via === "pinpoint"
        ? [
            {
              actions: ["mobiletargeting:SendMessages"],
              resources: [arn("mobiletargeting", `apps/${sms.applicationId}/messages`)],
            },
          ]
        : [
            {
              actions: ["sms-voice:SendTextMessage"],
              resources: [
                ...deployment.phoneNumberIds.map((id) => arn("sms-voice", `phone-number/${id}`)),
                ...(sms.configurationSet
                  ? [arn("sms-voice", `configuration-set/${sms.configurationSet}`)]
                  : []),
              ],
            },
          ];
  }
}
