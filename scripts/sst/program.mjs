// The bundled program under Pulumi's own mocks, in a process of its own. Everything that would have been
// registered with the engine is written down once nothing is left to happen.
import nodeCrypto from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dataSources, outputs } from "./aws-outputs.mjs";

const config = JSON.parse(process.env.SYNTH_CONFIG);
const require = createRequire(join(config.platform, "package.json"));
const pulumi = require("@pulumi/pulumi");

// Physical names end in 8 random letters; the same ones in every run.
const realRandomBytes = nodeCrypto.randomBytes;
const sameBytes = (n, done) => (n === 8 && !done ? Buffer.alloc(8, 1) : realRandomBytes(n, done));
nodeCrypto.randomBytes = sameBytes;
createRequire(import.meta.url)("node:crypto").randomBytes = sameBytes;

const resources = [];
const errors = [];
/** Data sources nobody knew an answer for. */
const missing = [];
const outputsOf = outputs(config);
const answer = dataSources(config, (token) => missing.push(token));

await pulumi.runtime.setMocks(
  {
    newResource({ type, name, inputs, id }) {
      if (type === "pulumi:pulumi:Stack" || type.startsWith("sst:"))
        return { id: undefined, state: inputs };
      // What is only looked up is given by its id: a name, a URL or an ARN that ends in one.
      const known = id ? { ...inputs, name: id.split(/[/:]/).pop() } : inputs;
      const made = outputsOf(type, name, known);
      const newId = id || made.id || `${name}-id`;
      return { id: newId, state: { ...known, name: known.name ?? name, ...made, id: newId } };
    },
    call: ({ token, inputs }) => answer(token, inputs),
  },
  config.app.name,
  config.app.stage,
  false,
  "organization",
);

const monitor = pulumi.runtime.getMonitor();
// The engine leaves the stack itself out of a URN's type; SST reads link types from URNs.
monitor.newUrn = (parent, type, name) => {
  const parentType = parent?.split("::")[2];
  const whole = parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$${type}` : type;
  return `urn:pulumi:${config.app.stage}::${config.app.name}::${whole}::${name}`;
};

// Marks of Pulumi's wire format (sdk/nodejs/runtime/rpc.ts).
const special = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  // Everything here is made up: secrets are as good as plain.
  if (value[special] === secret) return plain(value.value);
  if (value[special]) return { "<file>": value.path ?? "inline" };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
};

for (const method of ["registerResource", "readResource"]) {
  const original = monitor[method].bind(monitor);
  monitor[method] = (request, done) => {
    const read = method === "readResource";
    const given = read ? request.getProperties() : request.getObject();
    const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
    if (resources.some((one) => one.urn === urn && one.kind !== "read"))
      errors.push(`two resources are named ${urn}`);
    resources.push({
      urn,
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent() || undefined,
      kind: read ? "read" : request.getCustom() ? "resource" : "component",
      id: read ? request.getId() : undefined,
      inputs: plain(given ? given.toJavaScript() : {}),
      ...(!read && { protect: request.getProtect() || undefined }),
    });
    return original(request, done);
  };
}

// SST reads the links of its components from their outputs.
const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
monitor.registerResourceOutputs = (request, done) => {
  const one = resources.find(({ urn }) => urn === request.getUrn());
  if (one) one.outputs = plain(request.getOutputs()?.toJavaScript() ?? {});
  return registerOutputs(request, done);
};

process.on("uncaughtException", (error) => errors.push(error?.stack ?? String(error)));
process.on("unhandledRejection", (error) => errors.push(error?.stack ?? String(error)));

let finished = false;
pulumi.runtime
  .runInPulumiStack(async () => (await import(pathToFileURL(config.bundle).href)).default)
  .catch((error) => errors.push(error?.stack ?? String(error)))
  .finally(() => {
    finished = true;
  });

process.once("beforeExit", () => {
  if (!finished) errors.push("run() never settled");
  writeFileSync(config.out, JSON.stringify({ resources, errors, missing }));
  process.exitCode = 0;
});
