import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const Stored = z.object({
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  contentType: z.string(),
  body: z.base64(),
});

/** A page as it was when it was last read, and what its server called that state. */
export type StoredPage = Readonly<z.infer<typeof Stored>>;

/** Pages kept between runs, so that what did not change is not sent again. */
export interface PageCache {
  stored(url: URL): StoredPage | undefined;
  store(page: StoredPage): void;
}

/** Keeps pages in a folder, a file each. */
export function folderCache(folder: string): PageCache {
  mkdirSync(folder, { recursive: true });
  const fileOf = (url: string) =>
    join(folder, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  return {
    stored(url) {
      try {
        const page = Stored.parse(JSON.parse(readFileSync(fileOf(url.href), "utf8")));
        return page.url === url.href ? page : undefined;
      } catch {
        // A file that is not there, cut off or not ours only costs reading the page again.
        return undefined;
      }
    },
    store(page) {
      const file = fileOf(page.url);
      writeFileSync(`${file}.part`, JSON.stringify(page));
      renameSync(`${file}.part`, file);
    },
  };
}
