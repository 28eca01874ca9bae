import { configuredPipeline } from "../pipeline.ts";
import { recordedPorts } from "../ports.recorded.ts";
import { loadSettings, settingsPort } from "../settings/index.ts";
import { standInSettings } from "../stand-in.ts";
import { rerunAll } from "./rerun-all.ts";
import { openSource } from "./source.ts";
import { type Tally, tallying } from "./tally.ts";

/** Replays a history, or one stage or conversation of it, and only counts. */
export async function replayOf(
  path: string,
  given: { readonly only?: string; readonly key?: string; readonly settings?: string },
): Promise<Tally> {
  const settings = loadSettings(given.settings ?? "", standInSettings("http://127.0.0.1"));
  const port = settingsPort(settings, { speed: 1, quotas: 1 });
  const ports = recordedPorts(settings, port);
  const wanted = {
    keys: given.key === undefined ? undefined : [given.key],
    from: undefined,
    to: undefined,
  };
  await using source = await openSource(path, wanted, () => {});
  const counted = tallying();
  const terms = { stages: configuredPipeline(port), only: given.only, ports };
  for await (const { runs } of rerunAll(source, wanted, terms)) {
    counted.conversation();
    for await (const run of runs) counted.add(run);
  }
  return counted.tally;
}
