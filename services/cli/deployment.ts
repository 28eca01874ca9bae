import { type AwsSurroundings, awsSurroundings } from "../aws-surroundings.ts";

/** What a command that names `--on aws` stands in: the deployment that SST has linked. Throws where there is none. */
export function linkedDeployment(command: string): AwsSurroundings {
  try {
    return awsSurroundings();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `no deployment is linked here; run it by \`npx sst shell --stage production -- npx holdline ${command} …\` (${why})`,
      { cause },
    );
  }
}
