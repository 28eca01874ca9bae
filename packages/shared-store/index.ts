/**
 * A state store that one process has open, shared with the other processes of the machine over a unix
 * socket; and leases for what only one of them should do. Not for a network: nobody is asked who they are
 * but by the socket's place in the file system.
 */
export { type SharedStore, type SharedStoreOptions, sharedStore } from "./client.ts";
export { type ServedStore, type ServeOptions, serveStore } from "./serve.ts";
