import type { Stage } from "@holdline/runtime";
import { classify } from "../classify.ts";
import { stateOf } from "../stage-state.ts";
import { deploymentSource, standingInDeployment } from "../why/deployment.ts";
import { openSource } from "../why/source.ts";
import { linkedDeployment } from "./deployment.ts";
import type { WhyPlace } from "./why.ts";

/** A deployment by its links; what happened is told by an archive of it, where one is named. */
export async function whyOnAws(
  stages: readonly Stage[],
  archive: string | undefined,
): Promise<WhyPlace> {
  const { store, letters, secret, settings } = linkedDeployment("why");
  const deployment = { store, letters };
  return {
    ...{ secret, numbers: settings.numbers },
    source:
      archive === undefined ? deploymentSource(deployment, stages) : await openSource(archive),
    standing: async (key) => ({
      standing: await standingInDeployment(deployment, key, stages),
      seen: archive === undefined ? "deployment" : "running",
      known: await stateOf(store, classify, key),
    }),
  };
}
