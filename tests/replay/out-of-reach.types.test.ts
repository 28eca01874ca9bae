import { type OutOfReach, outOfReach } from "@holdline/replay";
import { describe, expectTypeOf, it } from "vitest";
import { recordedPorts } from "../../services/ports.recorded.ts";
import type { Ports } from "../../services/ports.ts";

type Recorded = OutOfReach<Ports>;

describe("a port of a replay", () => {
  it("cannot be one that answers a promise", () => {
    expectTypeOf<Ports>().not.toExtend<Recorded>();
    type Contacts = Recorded["contacts"];
    const open = outOfReach("contacts.open");
    const fit = (text: string) => [text];
    const dead: Contacts = { open, say: open, leave: open, fit };
    // @ts-expect-error: this one would reach somebody.
    const alive: Contacts = { ...dead, leave: async () => {} };
    expectTypeOf(alive).toEqualTypeOf<Contacts>();
    expectTypeOf<Ports["bot"]>().not.toExtend<Recorded["bot"]>();
    expectTypeOf<Ports["channel"]>().not.toExtend<Recorded["channel"]>();
  });

  it("is as real as ever where it only reads", () => {
    expectTypeOf<Recorded["settings"]["organisation"]>().toBeString();
    expectTypeOf<ReturnType<Recorded["channel"]>["fit"]>().returns.toEqualTypeOf<
      readonly string[]
    >();
    expectTypeOf<ReturnType<Recorded["channel"]>["send"]>().returns.toBeNever();
    expectTypeOf(recordedPorts).returns.toEqualTypeOf<Recorded>();
  });
});
