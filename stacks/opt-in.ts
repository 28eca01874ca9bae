/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";

/** The function that the voice flow invokes, and Amazon Connect's leave to do so. */
export function optIn(shared: Shared) {
  const { env } = shared;
  const instanceArn = env.arn("connect", `instance/${env.settings.instanceId}`);
  const fn = new sst.aws.Function("OptIn", {
    ...functionArgs(shared, { handler: "services/doors/opt-in.lambda.handler", seconds: 8 }),
  });
  new aws.lambda.Permission("OptInInvokedByConnect", {
    action: "lambda:InvokeFunction",
    function: fn.name,
    principal: "connect.amazonaws.com",
    sourceArn: instanceArn,
    sourceAccount: env.account,
  });
  new aws.connect.LambdaFunctionAssociation("OptInAssociation", {
    functionArn: fn.arn,
    instanceId: env.settings.instanceId,
  });
  return fn;
}
