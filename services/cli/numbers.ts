import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number, 0 or more. */
export const wholeNumber = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("a whole number");
  return number;
};

/** Reads an option that is a share, 0 to 1. */
export const fraction = (value: string): number => {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError("a number from 0 to 1");
  return number;
};
