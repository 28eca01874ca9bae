import { event } from "./event.ts";
import { carried } from "./parties.ts";

/** The carrier told what became of a text we sent. Nobody has read it yet. */
export const ReceiptArrived = event("receipt.arrived", carried);
