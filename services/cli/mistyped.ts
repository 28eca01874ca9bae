/** A command that there is not: a word behind a slash and nothing else. It must not go out as a text. */
export const isMistyped = (line: string): boolean => /^\/[a-z]*$/i.test(line);
