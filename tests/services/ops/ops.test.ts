import { EventDeadLettered } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classified, conversationId } from "../../support/conversation.ts";
import { arriving } from "../../support/make.ts";
import { oddText } from "../../support/malformed.ts";
import { desk } from "./desk.ts";

const question = arriving(classified("why?", "bot", "waiting"), { id: "dead-1" });
const letter = (event: unknown = question) =>
  EventDeadLettered({ conversationId, stage: "bot-reply", code: "bug", stack: "at x", event });

describe("the operator's door", () => {
  it("tells whether the pipeline is up", async () => {
    expect(await (await desk()).get("/healthz")).toMatchObject({ status: 200 });
    expect(await (await desk(() => ({ ok: false }))).get("/healthz")).toMatchObject({
      status: 503,
    });
  });

  it("counts deliveries, dead letters, gaps and what came late, for Prometheus", async () => {
    const { metrics, get } = await desk();
    const delivery = { stage: "classify", event: "e", type: "message.received", key: "c-1" };
    metrics.observe({ ...delivery, outcome: "run", gap: 2, late: true });
    metrics.observe({ ...delivery, outcome: "dead-lettered", code: "bug" });
    metrics.gauge("holdline_answer", "An answer", () => 42);
    const { text } = await get("/metrics");
    expect(text).toContain('holdline_deliveries_total{stage="classify",outcome="run"} 1');
    expect(text).toContain('holdline_dead_letters_total{stage="classify",code="bug"} 1');
    expect(text).toContain('holdline_gaps_total{stage="classify"} 2');
    expect(text).toContain('holdline_late_total{stage="classify"} 1');
    expect(text).toContain("holdline_answer 42");
    expect(text).not.toContain("c-1");
  });

  it("tells how far a stage has come in a conversation, and whose pipeline this is", async () => {
    const { store, folder, get } = await desk();
    const position = { line: "sms-aws/inbound", seq: 3 };
    const claim = await store.claim(
      { stage: "ingest", key: "c-1", position },
      { leaseMs: 1_000, gapMs: 0 },
    );
    expect(claim.claim).toBe("mine");
    const { status, text } = await get("/progress/c-1");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      folder,
      stages: { ingest: { cursors: {}, heldUntil: expect.any(Number) } },
    });
  });

  it("lists dead letters without what is in them, shows one whole, and redrives it once", async () => {
    const { ingress, get, post, log } = await desk();
    await ingress.admit("test", "1", letter());
    const [{ id }] = JSON.parse((await get("/dlq")).text);
    expect((await get("/dlq")).text).not.toContain("why?");
    expect((await get(`/dlq/${id}`)).text).toContain("why?");
    expect(await post(`/dlq/${id}/redrive`)).toEqual({ status: 200, body: { redriven: true } });
    expect(await post(`/dlq/${id}/redrive`)).toEqual({ status: 200, body: { redriven: false } });
    const again = log.read(1, 10).filter(({ event }) => event.only === "bot-reply");
    expect(again.map(({ event }) => event.id)).toEqual(["dead-1"]);
  });

  it("says why a dead letter can't be redriven, and how to find one", async () => {
    const { ingress, get, post } = await desk();
    await ingress.admit("test", "1", letter("garbage"));
    const [{ id, type }] = JSON.parse((await get("/dlq")).text);
    expect(type).toBe("unreadable");
    const { status, body } = await post(`/dlq/${id}/redrive`);
    expect([status, body.error]).toEqual([409, expect.stringContaining("no readable event")]);
    const none = await get("/dlq/nothing");
    expect([none.status, none.text]).toEqual([404, expect.stringContaining("holdline dlq list")]);
  });

  it("streams events from an offset on, and follows", async () => {
    const { ingress, get, url } = await desk();
    await ingress.admit("test", "1", letter());
    const once = (await get("/events?from=1")).text.trim().split("\n");
    expect(once.map((row) => JSON.parse(row).off)).toEqual([1]);
    expect((await get("/events")).text).toBe("");

    const stop = new AbortController();
    const following = await fetch(`${url}/events?follow=1`, { signal: stop.signal });
    await ingress.admit("test", "2", letter());
    const { value } = (await following.body?.getReader().read()) ?? {};
    expect(JSON.parse(Buffer.from(value ?? []).toString()).off).toBe(2);
    stop.abort();
  });

  it.each(["from=0", "from=x", "from=1.5", "follow=yes", "from=-1"])(
    "refuses %s with words that say why",
    async (query) => {
      const { get } = await desk();
      const { status, text } = await get(`/events?${query}`);
      expect([status, text]).toEqual([400, expect.stringMatching(/from|follow/)]);
    },
  );

  it.each([
    [
      "an unknown path",
      "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
      /^HTTP\/1.1 404.*there is no GET \/nothing/s,
    ],
    ["a wrong method", "DELETE /healthz HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1.1 404/],
    [
      "a path badly encoded",
      "GET /dlq/%E0%A4%A HTTP/1.1\r\nHost: x\r\n\r\n",
      /^HTTP\/1.1 400.*properly encoded/s,
    ],
    ["a path that is no URL", "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1.1 400/],
    ["two slashes", "GET // HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1.1 40[04]/],
    ["no HTTP", "\u0000\u0001\r\n\r\n", /^HTTP\/1.1 400/],
    [
      "a body shorter than it says",
      "POST /functions/opt-in HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{}",
      /^(HTTP\/1.1 400|$)/,
    ],
  ])("refuses %s, and goes on", async (_, request, expected) => {
    const { raw, get } = await desk();
    expect(await raw(request)).toMatch(expected);
    expect((await get("/healthz")).status).toBe(200);
  });

  it("refuses whatever it does not know, and goes on", async () => {
    const { url, get } = await desk();
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    const place = fc
      .tuple(fc.constantFrom("", "dlq/", "events?from=", "functions/", "dlq/x/redrive?"), oddText)
      .map(
        ([before, text]) => `${before}${encodeURIComponent(text.toWellFormed()).slice(0, 4_000)}`,
      );
    await fc.assert(
      fc.asyncProperty(method, place, async (verb, path) => {
        const answer = await fetch(`${url}/${path}`, { method: verb });
        await answer.arrayBuffer();
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
    expect((await get("/healthz")).status).toBe(200);
  });
});
