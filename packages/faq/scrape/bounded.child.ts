import { Worker } from "node:worker_threads";
import { extract } from "./extract.ts";

/** A page, where it was, and how long reading it may take. */
export interface Order {
  readonly html: string;
  readonly source: string | undefined;
  readonly askedAs: string | undefined;
  readonly milliseconds: number;
}

process.once("message", ({ html, source, askedAs, milliseconds }: Order) => {
  // Whoever was to kill this process may be killed first; a thread of its own sees that while this one parses.
  const watch = new Worker(
    `const parent = process.ppid, until = Date.now() + ${milliseconds + 1_000};
     setInterval(() => { if (process.ppid !== parent || Date.now() > until) process.kill(process.pid, "SIGKILL"); }, 250);`,
    { eval: true },
  );
  watch.unref();
  const finish = () => process.disconnect();
  try {
    process.send?.({ extracted: extract(html, source, askedAs) }, undefined, undefined, finish);
  } catch (error) {
    process.send?.({ wrong: (error as Error).message }, undefined, undefined, finish);
  }
});
