/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";

/** The functions that our contact flows invoke, and Amazon Connect's leave to do so. */
export function flowFunctions(shared: Shared) {
  return {
    optIn: flowFunction(shared, "OptIn", "services/doors/opt-in.lambda.handler"),
    offerStatus: flowFunction(shared, "OfferStatus", "services/doors/offer-status.lambda.handler"),
  };
}

function flowFunction(shared: Shared, name: string, handler: string): sst.aws.Function {
  const { env } = shared;
  const instanceArn = env.arn("connect", `instance/${env.settings.instanceId}`);
  // A flow waits for eight seconds.
  const fn = new sst.aws.Function(name, functionArgs(shared, { handler, seconds: 8 }));
  new aws.lambda.Permission(`${name}InvokedByConnect`, {
    action: "lambda:InvokeFunction",
    function: fn.name,
    principal: "connect.amazonaws.com",
    sourceArn: instanceArn,
    sourceAccount: env.account,
  });
  new aws.connect.LambdaFunctionAssociation(`${name}Association`, {
    functionArn: fn.arn,
    instanceId: env.settings.instanceId,
  });
  return fn;
}
