import { extract } from "./extract.ts";

process.once("message", (html: string) => {
  const finish = () => process.disconnect();
  try {
    process.send?.({ extracted: extract(html) }, undefined, undefined, finish);
  } catch (error) {
    process.send?.({ wrong: (error as Error).message }, undefined, undefined, finish);
  }
});
