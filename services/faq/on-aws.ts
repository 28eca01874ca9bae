import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { dynamoClient, dynamoFaqTable } from "@holdline/dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Resource } from "sst";
import * as z from "zod";
import { powertoolsLog } from "../log.aws.ts";

const Links = z.object({ FaqTable: z.object({ name: z.string().min(1) }) });

/** What the functions of the FAQ stand in. The one that answers has to be done before Lex hangs up. */
export function faqOnAws() {
  const { FaqTable } = Links.parse({ FaqTable: Resource.FaqTable });
  const requestHandler = new NodeHttpHandler({ connectionTimeout: 500, requestTimeout: 1_500 });
  const client = dynamoClient({ requestHandler, maxAttempts: 3 });
  return {
    table: dynamoFaqTable({ client, table: FaqTable.name }),
    log: powertoolsLog(new Logger({ serviceName: "holdline" })),
    metrics: new Metrics({ namespace: "Holdline", serviceName: "holdline" }),
  };
}
