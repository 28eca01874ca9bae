import { environment } from "../environment.ts";

export interface PhoneText {
  /** Seen from the phone: `in` is what it received. */
  readonly direction: "in" | "out";
  readonly text: string;
  readonly at: string;
  readonly status: string;
}

export interface DeskContact {
  readonly contactId: string;
  readonly customer: string;
  readonly queue: string;
  readonly state: string;
  readonly transcript: readonly {
    readonly id: string;
    readonly role: string;
    readonly type: string;
    readonly text?: string;
    readonly at: string;
  }[];
}

/** The stand-in's control door, as people's tools use it. */
export interface SimClient {
  call(from: string, options?: { waitSeconds?: number; press?: string }): Promise<unknown>;
  text(from: string, text: string, to?: string): Promise<unknown>;
  texts(phone: string): Promise<readonly PhoneText[]>;
  agent(name: string, state: "available" | "offline", chats?: number): Promise<unknown>;
  agents(): Promise<readonly { readonly name: string; readonly state: string }[]>;
  desk(name: string): Promise<readonly DeskContact[]>;
  say(contactId: string, text: string): Promise<unknown>;
  end(contactId: string): Promise<unknown>;
  contacts(): Promise<readonly { contactId: string; state: string; openSockets: number }[]>;
}

/** Speaks to the stand-in at `url`; by default where the environment says it is. */
export function simClient(url = standInUrl()): SimClient {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(new URL(path, url), {
      method,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    }).catch((cause) => {
      throw new Error(`nothing answers at ${url}; run \`npm start\` first`, { cause });
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
  const phone = (number: string) => `/_sim/phones/${encodeURIComponent(number)}/texts`;
  const agent = (name: string) => `/_sim/agents/${encodeURIComponent(name)}`;
  return {
    call: (from, { waitSeconds = 7_500, press = "1" } = {}) =>
      ask("POST", "/_sim/calls", { from, queue: "voice", waitSeconds, press }),
    text: (from, text, to) => ask("POST", phone(from), { text, ...(to !== undefined && { to }) }),
    texts: (number) => ask("GET", phone(number)),
    agent: (name, state, chats) =>
      ask("POST", agent(name), { state, ...(chats !== undefined && { chats }) }),
    agents: () => ask("GET", "/_sim/agents"),
    desk: (name) => ask("GET", `${agent(name)}/contacts`),
    say: (contactId, text) => ask("POST", `/_sim/contacts/${contactId}/messages`, { text }),
    end: (contactId) => ask("POST", `/_sim/contacts/${contactId}/end`, {}),
    contacts: () => ask("GET", "/_sim/contacts"),
  };
}

function standInUrl(): string {
  const env = environment(process.env);
  return env.AWS_ENDPOINT_URL ?? `http://127.0.0.1:${env.HOLDLINE_PORT}`;
}
