import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number, 0 or more. */
export const wholeNumber = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("a whole number");
  return number;
};
