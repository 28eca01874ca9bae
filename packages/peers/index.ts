export { type Emulator, startEmulator } from "./aws/emulator.ts";
export { type Broker, startBroker } from "./kafka/broker.ts";
export type { SecuredDoor } from "./kafka/secured.ts";
