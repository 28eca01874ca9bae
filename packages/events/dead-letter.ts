import * as z from "zod";
import { event } from "./event.ts";

/** A stage gave up on an event. It waits here, whole, for a person to read it and redrive it. */
export const EventDeadLettered = event("event.dead-lettered", {
  stage: z.string(),
  /** kebab-case and stable: alarmed on, and documented in docs/operating.md. */
  code: z.string(),
  stack: z.string().nullable(),
  /** The event as it came; whatever it was, when it was not readable. */
  event: z.unknown(),
});
