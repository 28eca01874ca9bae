import { redrive } from "@holdline/runtime";
import { awsSurroundings } from "../aws-surroundings.ts";
import { listed } from "../dead-letters.ts";
import type { DeadLetterPlace } from "./dlq.ts";

/** The dead letters of a deployment, by its links: `npx sst shell --stage production -- npx holdline dlq …`. */
export function dlqOnAws(): DeadLetterPlace {
  const { letters, ingress } = surroundings();
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

function surroundings() {
  try {
    return awsSurroundings();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `no deployment is linked here; run it by \`npx sst shell --stage production -- npx holdline dlq …\` (${why})`,
      { cause },
    );
  }
}
