import type * as z from "zod";
import type { Directory } from "./format.ts";
import type { Unfinished } from "./unfinished.ts";

/** Blocks of one page. */
export const blocksOfPage = 1_000;
/** Of one page of conversations: characters of JSON, about. */
const pageSize = 64_000;

type Extent = readonly [at: number, bytes: number];

/** Writes the index behind the events, page by page, and last the directory; answers where that is. */
export async function indexLines(
  known: Pick<Unfinished, "conversations" | "blocks">,
  append: (line: string) => Promise<Extent>,
): Promise<Extent> {
  const directory: z.input<typeof Directory>["index"] = { conversations: [], blocks: [] };
  const write = (line: object) => append(`${JSON.stringify(line)}\n`);

  let conversations: (readonly [string, number[]])[] = [];
  let size = 0;
  const endPage = async () => {
    const first = conversations[0]?.[0];
    if (first !== undefined)
      directory.conversations.push([...(await write({ conversations })), first]);
    conversations = [];
    size = 0;
  };
  for (const conversation of known.conversations()) {
    conversations.push(conversation);
    size += conversation[0].length + conversation[1].length * 8;
    if (size > pageSize) await endPage();
  }
  await endPage();

  let blocks: (readonly [...Extent, first: string, last: string])[] = [];
  let [from, to] = ["", ""];
  const endBlocks = async () => {
    if (blocks.length > 0) directory.blocks.push([...(await write({ blocks })), from, to]);
    blocks = [];
  };
  for (const { at, bytes, first, last } of known.blocks()) {
    if (blocks.length === 0) [from, to] = [first, last];
    if (first < from) from = first;
    if (last > to) to = last;
    blocks.push([at, bytes, first, last]);
    if (blocks.length === blocksOfPage) await endBlocks();
  }
  await endBlocks();
  return write({ index: directory });
}
