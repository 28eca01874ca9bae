import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environment, isLoopback, quotaFactor } from "../../../services/environment.ts";

describe("the environment", () => {
  it("needs nothing", () => {
    expect(environment({})).toMatchObject({
      ...{ HOLDLINE_PORT: 4610, HOLDLINE_DATA: ".holdline", HOLDLINE_QUOTAS: "aws" },
      ...{ HOLDLINE_SPEED: 1, HOLDLINE_LOG: "warn", HOLDLINE_HOST: "127.0.0.1" },
    });
  });

  it("takes an empty variable for one that is not set", () => {
    expect(environment({ HOLDLINE_PORT: "", AWS_ENDPOINT_URL: "" }).HOLDLINE_PORT).toBe(4610);
  });

  it.each([
    ["HOLDLINE_PORT", "lots", "expected number"],
    ["HOLDLINE_PORT", "70000", "<=65534"],
    ["HOLDLINE_OPS_PORT", "-1", ">=0"],
    ["HOLDLINE_QUOTAS", "none", "aws, off or a factor above 0"],
    ["HOLDLINE_SPEED", "0", ">0"],
    ["HOLDLINE_LOG", "loud", '"debug"|"info"|"warn"|"error"|"silent"'],
    ["HOLDLINE_SECRET", "short", ">=32"],
    ["AWS_ENDPOINT_URL", "127.0.0.1:4610", "URL"],
  ])("is refused for %s=%s, naming the variable and the fix", (name, value, fix) => {
    expect(() => environment({ [name]: value })).toThrow(name);
    expect(() => environment({ [name]: value })).toThrow(fix);
  });

  it("never fails in any other way", () => {
    const names = fc.constantFrom(
      "HOLDLINE_PORT",
      "HOLDLINE_SPEED",
      "HOLDLINE_QUOTAS",
      "HOLDLINE_LOG",
    );
    fc.assert(
      fc.property(names, fc.string({ unit: "binary" }), (name, value) => {
        try {
          environment({ [name]: value });
        } catch (error) {
          expect((error as Error).message).toContain(name);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("knows quotas as AWS has them, times a factor, and none", () => {
    expect([quotaFactor("aws"), quotaFactor(3), quotaFactor("off")]).toEqual([1, 3, Infinity]);
    expect(environment({ HOLDLINE_QUOTAS: "2.5" }).HOLDLINE_QUOTAS).toBe(2.5);
  });

  it("tells a loopback endpoint from any other", () => {
    for (const url of [
      "http://127.0.0.1:1",
      "http://127.9.9.9",
      "http://localhost:4610",
      "http://[::1]:5",
    ])
      expect(isLoopback(url)).toBe(true);
    for (const url of [
      "http://127.0.0.1.evil.example",
      "https://sqs.us-west-2.amazonaws.com",
      undefined,
    ])
      expect(isLoopback(url)).toBe(false);
  });
});
