/** A process that writes to a folder until it is killed, and tells each thing once it is durable. */
import { embedded } from "@holdline/embedded";
import { commitIsPublish, ingress } from "@holdline/runtime";
import { QuestionAsked } from "../support/around.ts";

const [folder = ""] = process.argv.slice(2);
const { store } = await embedded({ folder });
const door = ingress(store, commitIsPublish(store), { now: () => new Date() });

/** One conversation after another text, several conversations at once: groups of many commits. */
async function talk(key: string) {
  for (let n = 0; ; n++) {
    const text = `${key} ${n} ${"x".repeat(n % 400)}`;
    await door.admit("phone", `${key}/${n}`, QuestionAsked({ conversationId: key, text }));
    process.stdout.write(`${key}/${n}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, k) => talk(`c-${k}`)));
