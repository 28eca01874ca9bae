import { expect, it } from "vitest";
import { isCommand } from "../../../services/cli/typed-command.ts";

it("takes a command for one, mistyped or not, and nothing that may be a text", () => {
  expect(["/edn", "/help", "/", "/QUIT"].filter(isCommand)).toHaveLength(4);
  expect(["/ is a slash", "/2", "hello", "", "1/2", "/ask me later"].filter(isCommand)).toEqual([]);
});
