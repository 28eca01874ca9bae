/** A participant's token as the server here reads it, as long as the service's own are. */
export const tokenOf = (contactId: string): string => `${contactId}.${"p".repeat(400)}`;

/** Whose token it is. */
export const contactOf = (token: string): string => token.slice(0, token.indexOf("."));
