// cheerio's entry for Node brings an HTTP client and tables of encodings, some 2 MB; whoever bundles it with
// this gets the parser alone, which is what its entry for browsers is.
import { fileURLToPath } from "node:url";

const parser = new URL("../node_modules/cheerio/dist/browser/index.js", import.meta.url);

export default [
  {
    name: "cheerio-alone",
    setup: (build) =>
      build.onResolve({ filter: /^cheerio$/ }, () => ({ path: fileURLToPath(parser) })),
  },
];
