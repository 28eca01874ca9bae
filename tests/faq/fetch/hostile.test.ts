import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { decoded, pageReader } from "@holdline/faq";
import { afterEach, describe, expect, it } from "vitest";
import { isPublic, publicLookup } from "../../../packages/faq/fetch/address.ts";
import { type Site, site } from "./site.ts";

const open: Site[] = [];
const serve = async (listener: RequestListener) => {
  const one = await site(listener);
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Twenty megabytes of nothing in twenty kilobytes. */
const bomb = gzipSync(Buffer.alloc(20_000_000));
const html = { "content-type": "text/html" };
const read = pageReader({ allowPrivate: true, paceMs: 0, bytes: 100_000, milliseconds: 700 });

describe("a site that means no good is given up with a reason", () => {
  it.each<[string, RequestListener, RegExp]>([
    [
      "that says it has 50 MB",
      (_, response) =>
        response.writeHead(200, { ...html, "content-length": 50_000_000 }).flushHeaders(),
      /larger than 100,000 bytes/,
    ],
    [
      "that never stops sending",
      (_, response) => {
        response.writeHead(200, html);
        const more = () => {
          while (response.write("<p>more</p>".repeat(1_000)));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
      /larger than 100,000 bytes/,
    ],
    [
      "that sends a gzip of a thousand times its size",
      (_, response) => response.writeHead(200, { ...html, "content-encoding": "gzip" }).end(bomb),
      /larger than 100,000 bytes/,
    ],
    [
      "that sends half a gzip",
      (_, response) =>
        response
          .writeHead(200, { ...html, "content-encoding": "gzip" })
          .end(gzipSync("<p>page</p>".repeat(99)).subarray(0, 20)),
      /no whole gzip/,
    ],
    [
      "that packs gzip into gzip",
      (_, response) =>
        response.writeHead(200, { ...html, "content-encoding": "gzip, gzip" }).end("x"),
      /packed as gzip, gzip/,
    ],
    [
      "that redirects for ever",
      ({ url }, response) => response.writeHead(302, { location: `${url}x` }).end(),
      /led on more than 5 times/,
    ],
    [
      "that redirects to a file",
      (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      /leads to file:/,
    ],
    [
      "that drips",
      (_, response) => {
        response.writeHead(200, html);
        const drip = setInterval(() => response.write("<"), 50);
        response.once("close", () => clearInterval(drip));
      },
      /not there within 0\.7 s/,
    ],
    ["that never answers", () => {}, /not there within 0\.7 s/],
    [
      "that says UTF-8 and sends something else",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "text/html; charset=utf-8" })
          .end(Buffer.from([0x3c, 0x70, 0x3e, 0xff, 0xfe, 0xc3, 0x28])),
      /says it is UTF-8 and is not/,
    ],
    [
      "that sends a film",
      (_, response) => response.writeHead(200, { "content-type": "video/mp4" }).end("x"),
      /video\/mp4, not a web page/,
    ],
    ["that has no such page", (_, response) => response.writeHead(404, html).end(), /says 404/],
    ["that hangs up", (_, response) => response.destroy(), /other side closed|socket|ECONNRESET/i],
  ])("%s", async (_, listener, reason) => {
    const { url } = await serve(listener);
    await expect(read(`${url}/`)).rejects.toThrow(reason);
  });

  it("and its connection is closed, not left to send", async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await serve((_, response) => {
      response.once("close", () => closed.resolve());
      response.writeHead(200, html);
      const more = setInterval(() => response.write("x".repeat(60_000)), 5);
      response.once("close", () => clearInterval(more));
    });
    await expect(read(url)).rejects.toThrow("larger");
    await closed.promise;
  });
});

describe("an address that is nobody's business", () => {
  it.each([
    ["127.0.0.1", false],
    ["10.1.2.3", false],
    ["172.16.0.9", false],
    ["192.168.1.1", false],
    ["169.254.169.254", false],
    ["100.64.0.1", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["::1", false],
    ["::", false],
    ["fe80::1", false],
    ["fd00::1", false],
    ["::ffff:10.0.0.1", false],
    ["::ffff:169.254.169.254", false],
    ["64:ff9b::a00:1", false],
    ["2002:a00:1::", false],
    ["not an address", false],
    ["93.184.216.34", true],
    ["2606:2800:220:1:248:1893:25c8:1946", true],
  ])("%s is public: %s", (address, is) => {
    expect(isPublic(address)).toBe(is);
  });

  const strict = pageReader({ paceMs: 0, milliseconds: 2_000 });
  it.each([
    "http://127.0.0.1:4610/",
    "http://[::1]:4610/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:4610/",
  ])("%s is not asked", async (address) => {
    await expect(strict(address)).rejects.toThrow("not on the public internet");
  });

  it("is not asked when a page of a site that may be asked leads there", async () => {
    const secret = await serve((_, response) => response.end("secret"));
    const looked: string[] = [];
    // A name that means the public internet when it is asked for: only what is connected to counts.
    await new Promise<void>((done) =>
      publicLookup("localhost", { all: true }, (error, addresses) => {
        looked.push(error?.name ?? String(addresses));
        done();
      }),
    );
    expect(looked).toEqual(["PrivateAddress"]);
    await expect(strict(secret.url)).rejects.toThrow("not on the public internet");
    expect(secret.asked).toEqual([]);
  });

  it.each(["ftp://example.org/", "file:///etc/passwd", "http://me:secret@127.0.0.1/"])(
    "%s is not read",
    async (address) => {
      await expect(read(address)).rejects.toThrow(/not read/);
    },
  );
});

describe("bytes", () => {
  it("that are written in something nobody has heard of are named", () => {
    expect(() => decoded(Buffer.from("x"), "text/html; charset=utf-7")).not.toThrow();
    expect(() => decoded(Buffer.from("\xff\xfe", "latin1"))).not.toThrow();
  });
});
