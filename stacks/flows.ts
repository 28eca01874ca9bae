/// <reference path="../.sst/platform/config.d.ts" />
import {
  customerQueueFlow,
  disconnectFlow,
  smsChatFlow,
  voiceDeflectionFlow,
} from "@holdline/flows";
import type { Env } from "./env.ts";

/** Our contact flows in the Connect instance, ARNs filled in. Answers the ids of those that others start. */
export function flows(
  { settings, deployment, arn, name: installation }: Env,
  optIn: sst.aws.Function,
) {
  const { instanceId } = settings;
  const made = (title: string, of: $util.Input<ReturnType<typeof disconnectFlow>>) => {
    const known = $output(of);
    return new aws.connect.ContactFlow(title, {
      instanceId,
      name: known.apply(({ name }) => `${installation} ${name}`),
      type: known.apply(({ type }) => type),
      description: known.apply(({ description }) => description),
      content: known.apply(({ document }) => JSON.stringify(document)),
    });
  };
  const customerQueue = made("CustomerQueueFlow", customerQueueFlow());
  const disconnect = made("DisconnectFlow", disconnectFlow());
  const smsQueueArn = arn("connect", `instance/${instanceId}/queue/${deployment.smsQueueId}`);
  const known = $util.all([smsQueueArn, optIn.arn, customerQueue.arn, disconnect.arn]);
  const parameters = known.apply(
    ([smsQueueArn, optInFunctionArn, customerQueueFlowArn, disconnectFlowArn]) => ({
      smsQueueArn,
      optInFunctionArn,
      customerQueueFlowArn,
      disconnectFlowArn,
    }),
  );
  return {
    smsChat: made("SmsChatFlow", parameters.apply(smsChatFlow)),
    voiceDeflection: made("VoiceDeflectionFlow", parameters.apply(voiceDeflectionFlow)),
  };
}
