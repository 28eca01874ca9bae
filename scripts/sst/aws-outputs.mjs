// Plausible outputs of the resources, and answers of the data sources, that components read back while the
// program runs. Shapes are AWS's documented ARN formats.

export function outputs({ region, account }) {
  const arn = (service, rest) => `arn:aws:${service}:${region}:${account}:${rest}`;
  const byType = {
    "aws:cloudwatch/eventBus:EventBus": (n) => ({ id: n, arn: arn("events", `event-bus/${n}`) }),
    "aws:cloudwatch/eventRule:EventRule": (n, { eventBusName = "default" }) => ({
      id: `${eventBusName}/${n}`,
      arn: arn("events", `rule/${eventBusName}/${n}`),
    }),
    "aws:cloudwatch/eventArchive:EventArchive": (n) => ({
      id: n,
      arn: arn("events", `archive/${n}`),
    }),
    "aws:cloudwatch/logGroup:LogGroup": (n) => ({ id: n, arn: arn("logs", `log-group:${n}`) }),
    "aws:sqs/queue:Queue": (n) => {
      const url = `https://sqs.${region}.amazonaws.com/${account}/${n}`;
      return { id: url, url, arn: arn("sqs", n) };
    },
    "aws:sns/topic:Topic": (n) => ({ id: arn("sns", n), arn: arn("sns", n) }),
    "aws:dynamodb/table:Table": (n) => ({
      id: n,
      arn: arn("dynamodb", `table/${n}`),
      streamArn: "",
    }),
    "aws:kms/key:Key": (n) => ({ id: n, keyId: n, arn: arn("kms", `key/${n}`) }),
    "aws:lambda/function:Function": (n) => {
      const own = arn("lambda", `function:${n}`);
      const invoke = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${own}/invocations`;
      return {
        ...{ id: n, arn: own, qualifiedArn: `${own}:1`, version: "1", invokeArn: invoke },
        ...{ qualifiedInvokeArn: invoke, responseStreamingInvokeArn: invoke },
        lastModified: "2026-01-01T00:00:00.000+0000",
      };
    },
    "aws:lambda/functionUrl:FunctionUrl": (n) => ({
      functionUrl: `https://${n.toLowerCase()}.lambda-url.${region}.on.aws/`,
    }),
    "aws:iam/role:Role": (n) => ({ id: n, arn: `arn:aws:iam::${account}:role/${n}` }),
    "aws:iam/policy:Policy": (n) => ({ arn: `arn:aws:iam::${account}:policy/${n}` }),
    "aws:ecs/cluster:Cluster": (n) => ({
      id: arn("ecs", `cluster/${n}`),
      arn: arn("ecs", `cluster/${n}`),
    }),
    "aws:ecs/taskDefinition:TaskDefinition": (_, { family }) => ({
      arn: arn("ecs", `task-definition/${family}:1`),
      revision: 1,
    }),
    "aws:ecs/service:Service": (n) => ({ arn: arn("ecs", `service/${n}`) }),
    "aws:appautoscaling/target:Target": () => ({ id: "target" }),
    "aws:connect/contactFlow:ContactFlow": (n, { instanceId }) => ({
      contactFlowId: `flow-${n}`,
      arn: arn("connect", `instance/${instanceId}/contact-flow/flow-${n}`),
    }),
    "aws:ec2/vpc:Vpc": () => ({ id: "vpc-0", defaultSecurityGroupId: "sg-default" }),
    "docker-build:index:Image": () => {
      const digest = `sha256:${"0".repeat(64)}`;
      return { digest, ref: `offline@${digest}` };
    },
    "random:index/randomBytes:RandomBytes": (_, { length }) => ({
      base64: Buffer.alloc(length, 7).toString("base64"),
      hex: "07".repeat(length),
    }),
  };
  return (type, name, inputs) => {
    const named = inputs.name ?? name;
    const service = type.split(":")[1]?.split("/")[0] ?? "x";
    return { arn: arn(service, named), ...byType[type]?.(named, inputs) };
  };
}

const one = (values) => (Array.isArray(values) && values.length === 1 ? values[0] : values);

function conditionOf(conditions) {
  const all = {};
  for (const { test, variable, values } of conditions) {
    all[test] ??= {};
    all[test][variable] = one(values);
  }
  return all;
}

/** `aws_iam_policy_document`, rendered as the provider renders it. */
function policyDocument(inputs) {
  const Statement = (inputs.statements ?? []).map((given) => ({
    Effect: given.effect ?? "Allow",
    ...(given.actions?.length && { Action: one(given.actions) }),
    ...(given.resources?.length && { Resource: one(given.resources) }),
    ...(given.principals?.length && {
      Principal: Object.fromEntries(
        given.principals.map(({ type, identifiers }) => [type, one(identifiers)]),
      ),
    }),
    ...(given.conditions?.length && { Condition: conditionOf(given.conditions) }),
  }));
  const json = JSON.stringify({ Version: "2012-10-17", Statement });
  // Without statements the provider gives none back, and SST then leaves the inline policy out.
  const statements = inputs.statements?.length ? inputs.statements : undefined;
  return { ...inputs, statements, id: "0", json, minifiedJson: json };
}

export function dataSources({ region, account }, unknown) {
  const known = {
    "aws:index/getRegion:getRegion": () => ({ id: region, name: region, region }),
    "aws:index/getPartition:getPartition": () => ({
      ...{ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com" },
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ id: account, accountId: account }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
      names: ["a", "b", "c"].map((zone) => region + zone),
      zoneIds: [],
      groupNames: [],
    }),
    "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
      proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
      ...{ userName: "AWS", password: "offline", authorizationToken: "", expiresAt: "" },
    }),
    "aws:ec2/getAmi:getAmi": () => ({ id: "ami-0" }),
  };
  return (token, inputs) => {
    if (!known[token]) unknown(token);
    return known[token]?.(inputs) ?? inputs;
  };
}
