import type { Draft } from "@holdline/events";

/**
 * How a first event is born: something outside (a carrier, Connect, a flow) happened.
 *
 * `admit` resolves once the event is durable. The same `id` from the same producer is let in once,
 * whatever happens between; the answer tells whether it was new. Drafts of one key are numbered in
 * the order they are admitted.
 */
export interface Ingress {
  admit(producer: string, id: string, draft: Draft): Promise<"new" | "seen">;
}
