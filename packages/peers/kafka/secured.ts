import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";

/** A broker's door with TLS and passwords. */
export interface SecuredDoor {
  readonly address: string;
  /** The certificate that the broker shows and that signed itself, as PEM. */
  readonly ca: string;
  readonly username: string;
  readonly password: string;
}

/** The door, and what the broker is told to make it. */
export interface Secured {
  readonly door: SecuredDoor;
  readonly listener: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What `StorageTool format` is told of who may come in by SCRAM: those are kept with the data. */
  readonly formatArgs: readonly string[];
}

const run = promisify(execFile);

/** Makes a certificate for 127.0.0.1 with Java's own keytool, and a user for PLAIN and SCRAM. */
export async function secured(folder: string): Promise<Secured> {
  const port = await freePort();
  const [username, password, storePassword] = ["holdline", secret(), secret()];
  const keystore = join(folder, "broker.p12");
  const certificate = join(folder, "broker.pem");
  const store = ["-keystore", keystore, "-storetype", "PKCS12", "-storepass", storePassword];
  const about = ["-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-validity", "30"];
  const key = ["-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1"];
  await run("keytool", ["-genkeypair", ...key, ...about, ...store]);
  await run("keytool", ["-exportcert", "-alias", "broker", "-rfc", "-file", certificate, ...store]);
  const modules = "org.apache.kafka.common.security";
  const scram = `${modules}.scram.ScramLoginModule required;`;
  const plain = `${modules}.plain.PlainLoginModule required user_${username}="${password}";`;
  const of = "listener.name.sasl_ssl";
  return {
    door: {
      ...{ address: `127.0.0.1:${port}`, username, password },
      ca: readFileSync(certificate, "utf8"),
    },
    listener: `SASL_SSL://127.0.0.1:${port}`,
    settings: {
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      [`${of}.plain.sasl.jaas.config`]: plain,
      [`${of}.scram-sha-256.sasl.jaas.config`]: scram,
      [`${of}.scram-sha-512.sasl.jaas.config`]: scram,
      [`${of}.ssl.keystore.type`]: "PKCS12",
      [`${of}.ssl.keystore.location`]: keystore,
      [`${of}.ssl.keystore.password`]: storePassword,
    },
    formatArgs: ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${username},password=${password}]`,
    ]),
  };
}

const secret = () => randomBytes(12).toString("hex");
