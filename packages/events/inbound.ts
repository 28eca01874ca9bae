import { event } from "./event.ts";
import { carried } from "./parties.ts";

/** Something came through a channel's door. Nobody has read it yet. */
export const InboundArrived = event("inbound.arrived", carried);
