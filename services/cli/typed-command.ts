/** A word behind a slash and nothing else: meant as a command. It must not go out as a text. */
export const isCommand = (line: string): boolean => /^\/[a-z]*$/i.test(line);
