/**
 * The socket-holder: the only thing that stays up. It holds the WebSockets of open Connect chats and
 * turns what it hears into events. Read `holder.ts` first, then `session.ts` for one contact and
 * `receiver.ts` for how items become events.
 */
export { type SocketHolder, socketHolder } from "./holder.ts";
export { type Lease, type SharedLeases, sharedLease, soleLease } from "./lease.ts";
export type { HolderLog, HolderOptions, HolderStats } from "./options.ts";
export type { WakeReason } from "./reasons.ts";
export { heardAfter } from "./receiver.ts";
