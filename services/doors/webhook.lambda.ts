import { LambdaFunctionUrlSchema } from "@aws-lambda-powertools/parser/schemas/lambda";
import * as z from "zod";
import { awsSurroundings } from "../aws-surroundings.ts";
import { holdBackMs } from "./batch.ts";
import { type WebhookDoor, webhookDoor } from "./webhook.ts";

const Variables = z.object({
  /** The channel this function is the door of. */
  HOLDLINE_CHANNEL: z.string().min(1),
});

/** What a function behind a URL answers. */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let made: { readonly name: string; readonly door: WebhookDoor } | undefined;

function make() {
  const { HOLDLINE_CHANNEL: name } = Variables.parse(process.env);
  const { ports, ingress, secret, store, log } = awsSurroundings();
  const door = webhookDoor({
    ...{ channel: ports.channel, ingress, secret, store, log, holdBackMs },
    // Its host is the URL's own: Lambda sends nothing else here.
    publicUrl: ({ headers }) => `https://${headers.host ?? "unknown.invalid"}`,
  });
  return { name, door };
}

/** The function behind a channel's URL, one request of its carrier's. */
export async function handler(event: unknown): Promise<UrlAnswer> {
  made ??= make();
  const request = LambdaFunctionUrlSchema.parse(event);
  const { rawPath, rawQueryString, headers, requestContext, isBase64Encoded, body } = request;
  const { domainName, http, timeEpoch } = requestContext;
  const answer = await made.door(
    made.name,
    {
      method: http.method,
      path: `${rawPath}${rawQueryString ? `?${rawQueryString}` : ""}`,
      headers: { ...headers, host: domainName },
      body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
    },
    timeEpoch,
  );
  return {
    statusCode: answer.status,
    headers: { "content-type": answer.type },
    body: answer.body,
  };
}
