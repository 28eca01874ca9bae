import { redrive } from "@holdline/runtime";
import { listed } from "../dead-letters.ts";
import { linkedDeployment } from "./deployment.ts";
import type { DeadLetterPlace } from "./dlq.ts";

/** The dead letters of a deployment, by its links: `npx sst shell --stage production -- npx holdline dlq …`. */
export function dlqOnAws(): DeadLetterPlace {
  const { letters, ingress } = linkedDeployment("dlq");
  const letterOf = async (id: string) => {
    const found = (await letters.list()).find((letter) => letter.id === id);
    if (!found)
      throw new Error(`there is no dead letter ${id}; see \`holdline dlq list --on aws\``);
    return found;
  };
  return {
    list: async () => (await letters.list()).map(listed),
    show: letterOf,
    redrive: async (id) => (await redrive(ingress, await letterOf(id))) === "new",
  };
}
