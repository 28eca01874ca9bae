/** Writes docs/events/catalogue.html: the events to browse, one file that needs neither a server nor the internet. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { asyncapi } from "./asyncapi.ts";
import { asyncapiTools } from "./tools.ts";

const target = resolve(import.meta.dirname, "../../docs/events/catalogue.html");
const component = dirname(asyncapiTools().resolve("@asyncapi/react-component/package.json"));
const part = (path: string) => readFileSync(join(component, path), "utf8");
/** As JSON is, and without what HTML could take for the end of the script around it. */
const document = JSON.stringify(asyncapi()).replaceAll("<", "\\u003c");
// As base64, so that nothing in the program can be taken for HTML.
const program = Buffer.from(part("browser/standalone/index.js")).toString("base64");

const config = {
  show: { sidebar: true, schemas: false, errors: true },
  sidebar: { showOperations: "byOperationsTags" },
  sendLabel: "says",
  receiveLabel: "hears",
};

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdline events</title>
<style>${part("styles/default.min.css")}
body { font-family: system-ui, sans-serif }
code::before, code::after { content: none !important }
</style>
<div id="events"></div>
<script src="data:text/javascript;base64,${program}"></script>
<script>
// The page is built when the browser has already looked for the place that its address names.
new MutationObserver((_, builder) => {
  const place = document.getElementById(location.hash.slice(1));
  if (!place) return;
  place.scrollIntoView();
  builder.disconnect();
}).observe(document.getElementById("events"), { childList: true, subtree: true });
AsyncApiStandalone.render(
  { schema: ${document}, config: ${JSON.stringify(config)} },
  document.getElementById("events"),
);
</script>
</html>
`;
writeFileSync(target, page);
console.log(`${relative(process.cwd(), target)}: open it in a browser`);
