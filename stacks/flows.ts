/// <reference path="../.sst/platform/config.d.ts" />
import {
  callerQueueFlow,
  customerQueueFlow,
  disconnectFlow,
  smsChatFlow,
  voiceDeflectionFlow,
} from "@holdline/flows";
import type { Env } from "./env.ts";
import type { flowFunctions } from "./flow-functions.ts";

/** Our contact flows in the Connect instance, ARNs filled in. Answers the ids of those that others start. */
export function flows(
  { settings, deployment, arn, name: installation }: Env,
  { optIn, offerStatus }: ReturnType<typeof flowFunctions>,
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
  // What a function is linked to is secret, and its ARN with it: a flow's text is not.
  const arnOf = (fn: sst.aws.Function) => $util.unsecret(fn.arn);
  const customerQueue = made("CustomerQueueFlow", customerQueueFlow());
  const disconnect = made("DisconnectFlow", disconnectFlow());
  const callerQueue = made(
    "CallerQueueFlow",
    arnOf(offerStatus).apply((offerStatusFunctionArn) =>
      callerQueueFlow({ offerStatusFunctionArn }),
    ),
  );
  const { smsQueueId, voiceQueueId, offerAfterSeconds } = deployment;
  const queueArn = (id: string) => arn("connect", `instance/${instanceId}/queue/${id}`);
  const parameters = $util.output({
    smsQueueArn: queueArn(smsQueueId),
    ...(voiceQueueId && { voiceQueueArn: queueArn(voiceQueueId) }),
    offerAfterSeconds,
    optInFunctionArn: arnOf(optIn),
    offerStatusFunctionArn: arnOf(offerStatus),
    customerQueueFlowArn: customerQueue.arn,
    disconnectFlowArn: disconnect.arn,
    callerQueueFlowArn: callerQueue.arn,
  });
  return {
    smsChat: made("SmsChatFlow", parameters.apply(smsChatFlow)),
    voiceDeflection: made("VoiceDeflectionFlow", parameters.apply(voiceDeflectionFlow)),
  };
}
