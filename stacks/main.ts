/// <reference path="../.sst/platform/config.d.ts" />
import { pipeline } from "../services/pipeline.ts";
import { alarms } from "./alarms.ts";
import { eventBus } from "./bus.ts";
import { channels } from "./channels.ts";
import { dashboard } from "./dashboard.ts";
import { environment } from "./env.ts";
import { flows } from "./flows.ts";
import { hardening } from "./hardening.ts";
import { optIn } from "./opt-in.ts";
import { socketHolder } from "./socket-holder.ts";
import { stages } from "./stages.ts";
import { stateStore } from "./state-store.ts";
import { streaming } from "./streaming.ts";
import { sweeper } from "./sweeper.ts";

/** Everything that runs on AWS, in the order a reader would ask for it. Answers what to copy into Connect. */
export function deploy() {
  const env = environment();
  hardening(env);
  const basis = { env, bus: eventBus(env), store: stateStore(env) };
  const streamed = streaming(basis);
  const optInFunction = optIn(basis);
  const { smsChat: chatFlow, voiceDeflection } = flows(env, optInFunction);
  const shared = {
    ...basis,
    chatFlow,
    ...(streamed && { streamingTopic: streamed.topicArn }),
  };
  const stagePairs = stages(shared);
  const { pairs: channelPairs, topics } = channels(shared);
  const { wake } = socketHolder(shared);
  sweeper(shared);
  const pairs = [...stagePairs, ...channelPairs, wake, ...(streamed ? [streamed.pair] : [])];
  const names = pipeline.map(({ name }) => name);
  const alarmTopic = alarms(env, pairs, names);
  dashboard(env, pairs, names);
  return {
    bus: shared.bus.name,
    smsChatFlow: chatFlow.contactFlowId,
    voiceDeflectionFlow: voiceDeflection.contactFlowId,
    optInFunction: optInFunction.arn,
    textsTopic: topics.TextsIn,
    receiptsTopic: topics.ReceiptsIn,
    alarmTopic: alarmTopic.arn,
  };
}
