/// <reference path="../.sst/platform/config.d.ts" />
import { pipeline } from "../services/pipeline.ts";
import { alarms } from "./alarms.ts";
import { eventBus } from "./bus.ts";
import { channels } from "./channels.ts";
import { dashboard } from "./dashboard.ts";
import { deadLetters } from "./dead-letters.ts";
import { debugging } from "./debugging.ts";
import { environment } from "./env.ts";
import { faq } from "./faq.ts";
import { flowFunctions } from "./flow-functions.ts";
import { flows } from "./flows.ts";
import { hardening } from "./hardening.ts";
import { socketHolder } from "./socket-holder.ts";
import { stages } from "./stages.ts";
import { stateStore } from "./state-store.ts";
import { streaming } from "./streaming.ts";
import { webhooks } from "./webhooks.ts";

/** Everything that runs on AWS, in the order a reader would ask for it. Answers what to copy into Connect. */
export function deploy() {
  const env = environment();
  hardening(env);
  const kept = eventBus(env);
  const captured = debugging(env, kept);
  const basis = { env, bus: kept.bus, store: stateStore(env) };
  const streamed = streaming(basis);
  const functions = flowFunctions(basis);
  const { smsChat: chatFlow, voiceDeflection } = flows(env, functions);
  const called = webhooks(basis);
  const shared = {
    ...basis,
    chatFlow,
    webhooks: called,
    ...(streamed && { streamingTopic: streamed.topicArn }),
  };
  const stagePairs = stages(shared);
  const { pairs: channelPairs, topics } = channels(shared);
  const { wake } = socketHolder(shared);
  const answers = faq(shared);
  const letters = deadLetters(shared);
  const pairs = [
    ...stagePairs,
    ...channelPairs,
    letters,
    wake,
    ...(streamed ? [streamed.pair] : []),
  ];
  const names = pipeline.map(({ name }) => name);
  const alarmTopic = alarms(env, pairs, names);
  dashboard(env, pairs, names);
  return {
    bus: shared.bus.name,
    stateTable: shared.store.state.name,
    smsChatFlow: chatFlow.contactFlowId,
    voiceDeflectionFlow: voiceDeflection.contactFlowId,
    optInFunction: functions.optIn.arn,
    textsTopic: topics.TextsIn,
    receiptsTopic: topics.ReceiptsIn,
    alarmTopic: alarmTopic.arn,
    ...(captured && { exportFrom: captured.exportFrom }),
    webhooks: Object.fromEntries(
      Object.entries(called).map(([channel, { url }]) => [
        channel,
        $interpolate`${url}webhooks/${channel}`,
      ]),
    ),
    faqTable: answers.table.name,
    faqAnswerFunction: answers.answer.arn,
    botRole: answers.botRole.arn,
  };
}
