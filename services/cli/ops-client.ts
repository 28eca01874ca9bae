import { environment } from "../environment.ts";

/** Asks a running pipeline something. */
export async function askOps(
  method: string,
  path: string,
  signal: AbortSignal | null = null,
  body?: object,
): Promise<Response> {
  const env = environment(process.env);
  const port = env.HOLDLINE_OPS_PORT ?? env.HOLDLINE_PORT + 1;
  const url = `http://127.0.0.1:${port}`;
  const asked = { method, signal, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(new URL(path, url), asked).catch((cause) => {
    throw new Error(`no pipeline answers at ${url}; run \`npm start\`, or set HOLDLINE_OPS_PORT`, {
      cause,
    });
  });
  if (answer.ok) return answer;
  const trouble = (await answer.json().catch(() => ({}))) as { error?: string };
  throw new Error(trouble.error ?? `${method} ${path}: ${answer.status}`);
}
