// For the function that reads pages: cheerio's entry for Node brings an HTTP client that it has no use for.
import { fileURLToPath } from "node:url";

const parser = new URL("../node_modules/cheerio/dist/browser/index.js", import.meta.url);

// biome-ignore lint/style/noDefaultExport: what SST reads plugins from
export default [
  {
    name: "parser-alone",
    setup: (build) =>
      build.onResolve({ filter: /^cheerio$/ }, () => ({ path: fileURLToPath(parser) })),
  },
];
