import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Call, type Operation, type Service, valid } from "../http/operation.ts";
import type { V1Answerer } from "../lex-models/v1-answer.ts";
import type { V2Answerer } from "../lex-models/v2-answer.ts";

/** What answers the bots' questions. Undefined means that nothing in it fits. */
export type Matcher = (
  text: string,
  locale: string,
) => { readonly intent: string; readonly score: number; readonly answer: string } | undefined;

/** Lex V2 runtime: REST-JSON, lower-case message. */
export const lexV2: Service = {
  name: "lex-v2",
  contentType: "application/json",
  errorBody: (error) => ({ message: error.message }),
  throttled: () => new AwsError("ThrottlingException", 429, "Rate exceeded"),
  malformed: (reason) => new AwsError("ValidationException", 400, reason),
  errors: {
    AccessDeniedException: 403,
    BadGatewayException: 502,
    ConflictException: 409,
    DependencyFailedException: 424,
    InternalServerException: 500,
    ResourceNotFoundException: 404,
    ThrottlingException: 429,
    ValidationException: 400,
  },
};

/** Lex V1 runtime, which AWS ended in 2025; its shape is kept for accounts that still speak it. */
export const lexV1: Service = {
  name: "lex-v1",
  contentType: "application/json",
  errorBody: (error) => ({ message: error.message }),
  throttled: () => new AwsError("LimitExceededException", 429, "Rate exceeded"),
  malformed: (reason) => new AwsError("BadRequestException", 400, reason),
  errors: {
    BadGatewayException: 502,
    BadRequestException: 400,
    ConflictException: 409,
    DependencyFailedException: 424,
    InternalFailureException: 500,
    LimitExceededException: 429,
    LoopDetectedException: 508,
    NotFoundException: 404,
  },
};

const Session = z.string().regex(/^[0-9a-zA-Z._:-]{2,100}$/);
const Words = z.string().min(1).max(1_024);
const Attributes = z.record(z.string(), z.string()).nullish();
const V1 = z.object({
  inputText: Words,
  sessionAttributes: Attributes,
  requestAttributes: Attributes,
});
const V1Path = z.object({
  botName: z.string().min(2).max(50),
  botAlias: z.string().min(1).max(100),
  userId: Session,
});
const V2 = z.object({
  text: Words,
  requestAttributes: Attributes,
  sessionState: z.object({ sessionAttributes: Attributes }).loose().nullish(),
});
const V2Path = z.object({
  botId: z.string().regex(/^[0-9a-zA-Z]{10}$/),
  botAliasId: z.string().regex(/^([0-9a-zA-Z]{10}|TSTALIASID)$/),
  localeId: z.string().regex(/^[a-z]{2}_[A-Z0-9]{2,3}$/),
  sessionId: Session,
});

/** The two runtimes: bots that were built here answer themselves, all others from one matcher. */
export function lexOperations(
  matcher: Matcher,
  built: { readonly v1: V1Answerer; readonly v2: V2Answerer },
): {
  readonly v1: Operation;
  readonly v2: Operation;
} {
  return {
    v1: {
      name: "PostText",
      service: lexV1,
      exclusive: ({ botName, botAlias, userId }) => `${botName}/${botAlias}/${userId}`,
      answer({ body, path }: Call) {
        const place = valid(V1Path, path, lexV1.malformed);
        const request = valid(V1, body, lexV1.malformed);
        const own = built.v1({
          ...{ ...place, inputText: request.inputText },
          sessionAttributes: request.sessionAttributes ?? {},
          requestAttributes: request.requestAttributes ?? {},
        });
        if (own) return own;
        const match = matcher(request.inputText, "en_US");
        const common = {
          slots: {},
          sessionAttributes: request.sessionAttributes ?? {},
          sessionId: `${new Date().toISOString()}-${path.userId}`,
          botVersion: "1",
          activeContexts: [],
        };
        // Unsure: V1 asks again without naming an intent.
        if (!match) return { ...common, dialogState: "ElicitIntent" };
        return {
          ...common,
          intentName: match.intent,
          nluIntentConfidence: { score: match.score },
          alternativeIntents: [],
          message: match.answer,
          messageFormat: "PlainText",
          dialogState: "Fulfilled",
        };
      },
    },
    v2: {
      name: "RecognizeText",
      service: lexV2,
      exclusive: ({ botId, botAliasId, sessionId }) => `${botId}/${botAliasId}/${sessionId}`,
      answer({ body, path }: Call) {
        const place = valid(V2Path, path, lexV2.malformed);
        const { localeId, sessionId } = place;
        const request = valid(V2, body, lexV2.malformed);
        const own = built.v2({
          ...{ ...place, text: request.text },
          sessionAttributes: request.sessionState?.sessionAttributes ?? {},
          requestAttributes: request.requestAttributes ?? {},
        });
        if (own) return own;
        const match = matcher(request.text, localeId);
        const fallback = { name: "FallbackIntent", slots: {} };
        const intent = match
          ? { name: match.intent, slots: {}, state: "Fulfilled", confirmationState: "None" }
          : { ...fallback, state: "ReadyForFulfillment", confirmationState: "None" };
        return {
          // No message at all when the bot is unsure: none is configured for FallbackIntent.
          ...(match && { messages: [{ content: match.answer, contentType: "PlainText" }] }),
          sessionState: {
            dialogAction: { type: "Close" },
            intent,
            activeContexts: [],
            sessionAttributes: request.sessionState?.sessionAttributes ?? {},
            originatingRequestId: randomUUID(),
          },
          interpretations: match
            ? [
                { nluConfidence: { score: match.score }, intent, interpretationSource: "Lex" },
                { intent: fallback, interpretationSource: "Lex" },
              ]
            : [{ intent, interpretationSource: "Lex" }],
          requestAttributes: request.requestAttributes ?? {},
          sessionId,
        };
      },
    },
  };
}
