import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { folderCache, pageReader } from "@holdline/faq";
import { afterEach, describe, expect, it } from "vitest";
import { faq, type Site, site } from "./site.ts";

const open: Site[] = [];
const serve = async (listener: RequestListener, robots?: string | number) => {
  const one = await site(listener, robots);
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const html = { "content-type": "text/html; charset=utf-8" };
const small = { allowPrivate: true, paceMs: 0, bytes: 100_000, milliseconds: 2_000 };
const read = pageReader(small);
const page = faq("Are you open?", "Yes.");

describe("a page of a site", () => {
  it("is read with its redirects followed, and its address is where they led", async () => {
    const { url } = await serve(({ url: path }, response) => {
      if (path === "/faq") response.writeHead(200, html).end(page);
      else response.writeHead(301, { location: "/faq" }).end();
    });
    expect(await read(`${url}/old#top`)).toEqual({
      html: page,
      url: `${url}/faq`,
      unchanged: false,
    });
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("is unpacked from %s", async (coding, pack) => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { ...html, "content-encoding": coding }).end(pack(page)),
    );
    expect((await read(url)).html).toBe(page);
  });

  it.each([
    ["its header", "text/html; charset=iso-8859-1", Buffer.from("<p>caf\xe9", "latin1")],
    ["its head", "text/html", Buffer.from('<meta charset="windows-1252"><p>caf\xe9', "latin1")],
    ["its byte order mark", "text/html", Buffer.from("\ufeff<p>café", "utf16le")],
    ["nobody, in UTF-8", "text/html", Buffer.from("<p>café")],
    ["nobody, in what browsers take it for", "text/html", Buffer.from("<p>caf\xe9", "latin1")],
  ])("is read in the letters that are told by %s", async (_, type, bytes) => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { "content-type": type }).end(bytes),
    );
    expect((await read(url)).html).toContain("café");
  });

  it("is not sent again when it did not change", async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdline-pages-"));
    const { url, asked } = await serve(({ headers }, response) => {
      if (headers["if-none-match"] === '"7"') response.writeHead(304).end();
      else response.writeHead(200, { ...html, etag: '"7"' }).end(page);
    });
    const first = await pageReader({ ...small, cache: folderCache(folder) })(url);
    const again = await pageReader({ ...small, cache: folderCache(folder) })(url);
    expect([first.unchanged, again.unchanged]).toEqual([false, true]);
    expect(again.html).toBe(page);
    expect(asked.filter(({ path }) => path === "/")).toHaveLength(2);
    expect(readdirSync(folder)).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});

describe("a site's wishes", () => {
  it("are asked for once and kept: what robots.txt forbids is not read", async () => {
    const robots = "User-agent: *\nDisallow: /private\n\nUser-agent: holdline-faq\nDisallow: /bots";
    const { url, asked } = await serve(
      (_, response) => response.writeHead(200, html).end(page),
      robots,
    );
    const reader = pageReader(small);
    await expect(reader(`${url}/bots/1`)).rejects.toThrow(/robots.txt of .* does not allow \/bots/);
    await reader(`${url}/private`);
    expect(asked.map(({ path }) => path)).toEqual(["/robots.txt", "/private"]);
  });

  it("are taken for a no when the server that should tell them fails", async () => {
    const { url, asked } = await serve(
      (_, response) => response.writeHead(200, html).end(page),
      503,
    );
    await expect(read(`${url}/faq`)).rejects.toThrow("does not allow /faq");
    expect(asked.map(({ path }) => path)).toEqual(["/robots.txt"]);
  });

  it("count for where a redirect leads, too", async () => {
    const other = await serve(
      (_, response) => response.writeHead(200, html).end(page),
      "User-agent: *\nDisallow: /",
    );
    const { url } = await serve((_, response) =>
      response.writeHead(302, { location: `${other.url}/faq` }).end(),
    );
    await expect(read(url)).rejects.toThrow("does not allow /faq");
    expect(other.asked.map(({ path }) => path)).toEqual(["/robots.txt"]);
  });

  it.each([
    ["a second apart, or what one says", "User-agent: *\nAllow: /", 1_000],
    ["as slowly as the site asks for", "User-agent: *\nCrawl-delay: 7", 7_000],
  ])("include not being asked too fast: %s", async (_, robots, apartMs) => {
    const waited: number[] = [];
    const { url } = await serve((_, response) => response.writeHead(200, html).end(page), robots);
    const sleep = async (ms: number) => waited.push(ms);
    const slow = pageReader({ ...small, paceMs: 1_000, sleep });
    for (const path of ["1", "2", "3"]) await slow(`${url}/${path}`);
    expect(waited).toHaveLength(2);
    expect(waited[0]).toBeLessThanOrEqual(apartMs);
    expect(waited[1]).toBeGreaterThan(apartMs);
    expect(waited[1]).toBeLessThanOrEqual(2 * apartMs);
  });
});
