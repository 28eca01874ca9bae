import { configuredPipeline } from "../pipeline.ts";
import { recordedPorts } from "../ports.recorded.ts";
import { rerunAll } from "../replay/rerun-all.ts";
import { openSource } from "../replay/source.ts";
import { type Tally, tallying } from "../replay/tally.ts";
import { settingsPort } from "../settings/index.ts";
import { Settings } from "../settings/schema.ts";
import { standInSettings } from "../stand-in.ts";

/** What `holdline replay` does, without a line of it printed. */
export async function replayOf(
  path: string,
  only: string | undefined,
  key: string | undefined,
): Promise<Tally> {
  const settings = Settings.parse(standInSettings("http://127.0.0.1"));
  const port = settingsPort(settings, { speed: 1, quotas: 1 });
  const given = { stages: configuredPipeline(port), only, ports: recordedPorts(settings, port) };
  const wanted = { keys: key === undefined ? undefined : [key], from: undefined, to: undefined };
  await using source = await openSource(path, wanted, () => {});
  const counted = tallying();
  for await (const { runs } of rerunAll(source, wanted, given)) {
    counted.conversation();
    for await (const run of runs) counted.add(run);
  }
  return counted.tally;
}
