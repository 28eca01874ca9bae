import { refusals } from "@holdline/channels";
import { describe, expect, it } from "vitest";
import { meanings } from "../../../services/why/codes.ts";
import { productSources } from "../../house/sources.ts";

const known = meanings();
const sources = productSources().filter(({ path }) => !path.startsWith("packages/simulator/"));

/** Every code that the source throws by its name. */
const thrown = (form: RegExp) => [
  ...new Set(sources.flatMap(({ text }) => [...text.matchAll(form)].map(([, code = ""]) => code))),
];

describe("the page for operators", () => {
  it.each(thrown(/new DeadLetter\(\s*"([a-z-]+)"/g))("explains what is given up on: %s", (code) => {
    expect(known(code, false)?.means).toBeTruthy();
  });

  it.each(thrown(/(?:new Retry\(\s*|retry: )"([a-z-]+)"/g))(
    "explains what is tried again: %s",
    (code) => {
      expect(known(code, true)?.means).toBeTruthy();
    },
  );

  it.each(Object.keys(refusals))("explains what a carrier refuses: %s", (code) => {
    expect(known(code, false)?.means).toBeTruthy();
  });

  it("tells what is tried again from what was given up on", () => {
    expect(known("unsure", true)?.means).toMatch(/a receipt is waited for/);
    expect(known("unsure", false)?.means).toMatch(/would not say, twice/);
    expect(known("carrier-throttled", false)).toBeUndefined();
    expect(known("no-such-code", true)).toBeUndefined();
  });
});
