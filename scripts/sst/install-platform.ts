import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** The environment in which SST's command line needs neither Pulumi nor bun nor the internet. */
export const offline = {
  SST_TELEMETRY_DISABLED: "1",
  SST_SKIP_DEPENDENCY_CHECK: "1",
  AWS_ACCESS_KEY_ID: "offline",
  AWS_SECRET_ACCESS_KEY: "offline",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Installs SST's platform into `.sst/platform` the first time, from our lock file: half a minute. */
export function installPlatform(): void {
  const platform = join(root, ".sst/platform");
  const whole = () =>
    existsSync(join(platform, "config.d.ts")) &&
    existsSync(join(platform, "node_modules/@pulumi/aws/package.json"));
  if (whole()) return;
  console.log("installing SST's platform into .sst (half a minute, once)");
  const { stdout, stderr } = spawnSync(
    join(root, "node_modules/.bin/sst"),
    ["install", "--stage", "ci"],
    {
      cwd: root,
      encoding: "utf8",
      env: {
        ...process.env,
        ...offline,
        // Node brings certificates of its own; behind a proxy the machine's are the ones that count.
        NODE_USE_SYSTEM_CA: "1",
        SST_BUN_PATH: join(root, "scripts/sst/platform-install.sh"),
      },
    },
  );
  if (!whole()) throw new Error(`SST's platform could not be installed:\n${stdout}${stderr}`);
}

if (import.meta.main) installPlatform();
