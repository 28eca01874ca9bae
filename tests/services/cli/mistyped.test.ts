import { expect, it } from "vitest";
import { isMistyped } from "../../../services/cli/mistyped.ts";

it("takes a mistyped command for one, and nothing that may be a text", () => {
  expect(["/edn", "/help", "/", "/QUIT"].filter(isMistyped)).toHaveLength(4);
  expect(["/ is a slash", "/2", "hello", "", "1/2", "/ask me later"].filter(isMistyped)).toEqual(
    [],
  );
});
