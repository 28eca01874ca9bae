import { type Event, event } from "@holdline/events";
import { outOfReach, type Run, replayed } from "@holdline/replay";
import { DeadLetter, later, type Once, Retry, type Stage, stage } from "@holdline/runtime";
import * as z from "zod";
import { AnswerGiven, around, QuestionAsked, start } from "./around.ts";
import { arriving } from "./make.ts";

export const NoteMade = event("note.made", { text: z.string() });

export type Reach = { readonly once: Once; readonly world: { look(): Promise<string> } };

/** Answers with all it has heard, in that order; what the question says decides how. */
export const answerer = (also: (text: string) => string = (text) => text) =>
  stage({
    name: "answerer",
    on: [QuestionAsked, NoteMade],
    emits: [AnswerGiven],
    state: {
      schema: z.array(z.string()),
      version: 1,
      initial: [] as string[],
      evolve: (heard: string[], { data }) => [...heard, data.text],
    },
    async run(
      { type, data: { text, conversationId }, time },
      { once, world, state }: Reach & { state: string[] },
    ) {
      if (type === "note.made") return [];
      if (text === "nonsense") throw new DeadLetter("nonsense");
      if (text === "busy") throw new Retry("busy");
      if (text === "reminder")
        return [
          AnswerGiven({ conversationId, text: also("soon") }),
          later(AnswerGiven({ conversationId, text: also("now") }), time, 500_000),
        ];
      const seen = await once("look", () => world.look(), { ifUnsure: "retry" });
      const answer = AnswerGiven({
        conversationId,
        text: also(`${[...state, text].join()}:${seen}`),
      });
      if (text === "later") return [later(answer, time, 500_000)];
      return text === "twice"
        ? [answer, AnswerGiven({ conversationId, text: also("again") })]
        : [answer];
    },
  }) as unknown as Stage;

export const question = (text: string, seq: number, at = seq) =>
  said(QuestionAsked({ conversationId: "c-1", text }), `phone/question/c-1`, seq, at);
export const note = (text: string, seq: number, at: number, desk = "desk") =>
  said(NoteMade({ conversationId: "c-1", text }), `${desk}/note/c-1`, seq, at);
const said = (
  draft: ReturnType<typeof NoteMade> | ReturnType<typeof QuestionAsked>,
  stream: string,
  seq: number,
  at: number,
) => arriving(draft, { position: { stream, seq }, time: new Date(start + at).toISOString() });

/** What a stage makes of events in the order they are brought, by the real runtime: a recording. */
export async function recording(events: readonly Event[], look = async () => "seen") {
  const live = around(answerer(), { ports: { world: { look } } });
  for (const event of events)
    for (let tries = 0; (await live.deliver(event)).verdict === "retry"; tries++) {
      if (tries > 10) throw new Error("it never settles");
      live.clock.now += 6_000;
    }
  return {
    ...live,
    all: () => [
      ...new Map(events.map((e) => [`${e.position.stream} ${e.position.seq}`, e])).values(),
      ...live.published,
    ],
  };
}

export async function rerun(
  events: readonly Event[],
  given: { stage?: Stage; whole?: boolean; end?: string } = {},
) {
  const conversation = events.map((event) => ({ event, body: JSON.stringify(event) }));
  const end = new Date(start + 10_000_000).toISOString();
  const ports = { world: { look: outOfReach("world.look") } };
  const terms = { stage: answerer(), whole: true, end, relevant: () => true, ...given };
  const runs: Run[] = [];
  for await (const run of replayed({ ...terms, ports, conversation })) runs.push(run);
  return runs;
}

export const verdicts = (runs: readonly Run[]) => runs.map(({ verdict }) => verdict);
export const heard = (runs: readonly Run[]) =>
  runs.map(({ heard }) => (heard.data as { text: string }).text);
export const texts = ({ now }: Run) => now.map(({ data }) => (data as { text: string }).text);
