import { readFileSync } from "node:fs";
import { isSignedBySns, SnsMessage } from "@holdline/channels";
import * as z from "zod";

const Vectors = z.object({
  certificate: z.string(),
  vectors: z.array(z.object({ message: z.record(z.string(), z.string().nullable()) })),
});

/** What is signed in a notification; to change any of it must be noticed. */
const signed = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn"];

/** Checks messages that SNS has signed, and copies of them of which one field is another. */
export function runSignatures(file: string): void {
  const { certificate, vectors } = Vectors.parse(JSON.parse(readFileSync(file, "utf8")));
  let right = 0;
  let forged = 0;
  let caught = 0;
  for (const { message } of vectors) {
    // Towards Lambda SNS spells this one otherwise.
    const whole = { SigningCertURL: message.SigningCertUrl, ...message };
    const isSigned = (of: object) => isSignedBySns(SnsMessage.parse(of), certificate);
    if (isSigned(whole)) right += 1;
    for (const name of signed.filter((name) => typeof message[name] === "string")) {
      const value = message[name] ?? "";
      const other = name === "Timestamp" ? value.replace(/\.\d/, ".9") : `${value}x`;
      if (other === value) continue;
      forged += 1;
      if (!isSigned({ ...whole, [name]: other })) caught += 1;
    }
  }
  console.log(
    `${right} of ${vectors.length} signatures are right; ${caught} of ${forged} forgeries are noticed`,
  );
  if (right < vectors.length || caught < forged) process.exitCode = 1;
}
