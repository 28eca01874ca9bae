import type { DeskContact, PhoneText } from "../cli/sim-client.ts";
import type { Script } from "./customers.ts";

/** What a drill came to. */
export interface Tally {
  readonly conversations: number;
  readonly texts: number;
  lost: number;
  doubled: number;
  /** Sent again because a kill fell between the carrier's acceptance and our record of it. */
  resent: number;
  swapped: number;
  /** Markers or texts that were nobody's business. */
  strayed: number;
  /** What came out in another order than it went in: the customer, and what was seen. */
  readonly swaps: string[];
}

/** Compares what was to be said with what each side saw. */
export function count(
  scripts: readonly Script[],
  textsOf: ReadonlyMap<string, readonly PhoneText[]>,
  desks: readonly DeskContact[],
  kills: readonly number[],
): Tally {
  const tally = {
    conversations: scripts.length,
    texts: 0,
    lost: 0,
    doubled: 0,
    resent: 0,
    swapped: 0,
    strayed: 0,
    swaps: [] as string[],
  } satisfies Tally;
  for (const { phone, questions, toAgent, fromAgent } of scripts) {
    const arrived = (textsOf.get(phone) ?? []).filter(({ direction }) => direction === "in");
    // Offers and places in line may be said in the same words again; answers may not.
    const told = new Set([...questions.map(({ answer }) => answer), ...fromAgent]);
    const answers = arrived.filter(({ text }) => told.has(text));
    const once = new Set(answers.filter(notResent(answers, kills, tally)));
    const received = arrived
      .filter((one) => !told.has(one.text) || once.has(one))
      .map(({ text }) => text);
    const said = desks
      .filter(({ customer }) => customer === phone)
      .flatMap(({ transcript }) => transcript)
      .filter(({ role, type }) => role === "CUSTOMER" && type === "MESSAGE")
      .map(({ text = "" }) => text);
    const answered = questions.map(({ question, answer }) => [answer, question, `[Bot] ${answer}`]);
    const before = tally.swapped;
    compare(answered, [...received, ...said], tally);
    compare(alone(fromAgent), received, tally);
    compare(alone(toAgent), said, tally);
    if (tally.swapped > before)
      tally.swaps.push(
        `${phone} received ${JSON.stringify(received)}, the agent ${JSON.stringify(said)}`,
      );
    tally.strayed += received.filter((text) => text.includes("##")).length;
    const others = [...received, ...said].filter((text) => /customer \d+/.test(text));
    const own = new Set([...toAgent, ...fromAgent]);
    tally.strayed += others.filter((text) => !own.has(text) && !text.startsWith("[")).length;
  }
  return tally;
}

/** How long before a kill a text may have been accepted without our having written that down. */
const windowMs = 1_000;

/** Leaves out second copies whose first was accepted just before a kill, and counts them. */
function notResent(
  arrived: readonly PhoneText[],
  kills: readonly number[],
  tally: { resent: number },
) {
  return ({ text }: PhoneText, at: number): boolean => {
    const first = arrived.findIndex((other) => other.text === text);
    if (first === at) return true;
    const accepted = Date.parse(arrived[first]?.at ?? "");
    const excused = kills.some((kill) => accepted <= kill && kill - accepted <= windowMs);
    if (excused) tally.resent++;
    return !excused;
  };
}

/** Texts that have one shape only. */
const alone = (texts: readonly string[]) => texts.map((text) => [text]);

/**
 * Each expected text once, and in the order it was said. A question may be seen in several shapes, and
 * in one of them only: answered by the bot, or passed on to the agent who had just joined.
 */
function compare(
  expected: readonly (readonly string[])[],
  seen: readonly string[],
  tally: Tally & { texts: number },
) {
  tally.texts += expected.length;
  const places: number[] = [];
  for (const shapes of expected) {
    const times = seen.filter((other) => shapes.includes(other)).length;
    // An answer that came after the agent did is a note to the agent, and no place of the question's: the
    // question itself is in the summary the agent began with.
    const place = seen.findIndex((other) => shapes.includes(other) && !other.startsWith("[Bot]"));
    if (times === 0) tally.lost++;
    else if (place >= 0) places.push(place);
    tally.doubled += Math.max(0, times - 1);
  }
  tally.swapped += places.filter((place, at) => at > 0 && place < (places[at - 1] ?? 0)).length;
}
