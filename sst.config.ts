/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input?.stage === "production";
    return {
      name: "holdline",
      home: "aws",
      removal: production ? "retain-all" : "remove",
      protect: production,
      // The version that SST itself is built on.
      providers: { aws: { version: "7.20.0" } },
    };
  },
  async run() {
    const { deploy } = await import("./stacks/main.ts");
    return deploy();
  },
});
