/** The account everything here belongs to. */
export const ACCOUNT = "111122223333";

/** The region spoken of in ARNs. Clients may name any other. */
export const REGION = "us-west-2";

/** The one Connect instance there is out of the box. */
export const INSTANCE = "11111111-2222-3333-4444-555555555555";

/** The business number customers text and call unless the options say otherwise. */
export const BUSINESS_NUMBER = "+12065550100";

/** The Amazon resource name of the instance, or of something in it. */
export function connectArn(resource = ""): string {
  return `arn:aws:connect:${REGION}:${ACCOUNT}:instance/${INSTANCE}${resource && `/${resource}`}`;
}

/** What a name or an ARN ends with: the id that Connect's own APIs take. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(Math.max(nameOrArn.lastIndexOf("/"), nameOrArn.lastIndexOf(":")) + 1);
}
