import {
  type FaqMatcher,
  type FaqTable,
  faqMatcher,
  type KeptPair,
  livePairs,
  sectionIntent,
} from "@holdline/faq";
import * as z from "zod";
import type { Log } from "../log.ts";
import { stackOf } from "../observe.ts";
import { matchable } from "./table.ts";

const Attributes = z.record(z.string(), z.string()).nullish();
const Slots = z.record(z.string(), z.unknown()).nullish();

// Of what Lex sends, what is used; it may send more at any time (Lex V2 developer guide, Lambda).
const V2Event = z.looseObject({
  inputTranscript: z.string().default(""),
  bot: z.looseObject({ localeId: z.string() }),
  sessionState: z.looseObject({
    sessionAttributes: Attributes,
    intent: z.looseObject({ name: z.string(), slots: Slots }),
  }),
});
const V1Event = z.looseObject({
  inputTranscript: z.string().nullish(),
  sessionAttributes: Attributes,
  currentIntent: z.looseObject({ name: z.string() }),
});

/** What became of a question: the answer, or why there is none. */
export type Outcome = "answered" | "unknown" | "removed" | "unavailable";
interface Said {
  readonly outcome: Outcome;
  readonly text: string;
}

/** What is said where there is no answer, by language: why, and what to do. */
const honest = {
  en: {
    unknown: "Sorry, I have no answer to that yet.",
    removed: "Sorry, that answer is no longer up to date, and I have no newer one.",
    unavailable: "Sorry, I cannot look that up right now. Please ask again in a minute.",
  },
  es: {
    unknown: "Lo siento, todavía no tengo una respuesta a eso.",
    removed: "Lo siento, esa respuesta ya no está al día y no tengo otra más reciente.",
    unavailable: "Lo siento, ahora no puedo consultarlo. Pregunte de nuevo en un minuto.",
  },
} as const;

/** Parts of a section that have an intent of their own; more than any bot has room for. */
const partsMost = 20;

/**
 * The function behind the bot's intents: finds the pair an intent stands for and says its answer. It
 * knows the events of Lex V2 and V1 apart, and has something honest to say whatever happens.
 */
export function faqAnswers(
  table: FaqTable,
  log: Log,
  counted: (outcome: Outcome) => void = () => {},
): (event: unknown) => Promise<object> {
  let known: { revision: number; matchers: Map<string, FaqMatcher> } | undefined;

  /** What an intent of many pairs answers from: all pairs of its section. Read once for each revision. */
  async function sectionMatcher(intent: string): Promise<FaqMatcher | undefined> {
    const revision = await table.revision();
    if (known?.revision !== revision) {
      const sections = Map.groupBy(livePairs(await table.state()), ({ section = "" }) => section);
      const matchers = new Map<string, FaqMatcher>();
      for (const [section, pairs] of sections) {
        const matcher = faqMatcher(pairs.map(matchable), { minScore: 0 });
        for (let part = 0; part < partsMost; part++)
          matchers.set(sectionIntent({ section }, part), matcher);
      }
      known = { revision, matchers };
    }
    return known.matchers.get(intent);
  }

  async function said(intent: string, asked: string, locale?: string): Promise<Said> {
    const found = await lookedUp(intent, asked, locale);
    log.info({ intent, outcome: found.outcome }, "asked");
    counted(found.outcome);
    return found;
  }

  async function lookedUp(intent: string, asked: string, locale?: string): Promise<Said> {
    const language = locale?.startsWith("es") ? "es" : "en";
    const none = (outcome: keyof typeof honest.en): Said => ({
      outcome,
      text: honest[language][outcome],
    });
    try {
      const entry = await table.entry(intent);
      const pair: KeptPair | null | undefined = entry?.live?.pair;
      if (pair) return { outcome: "answered", text: pair.text };
      if (entry?.live) return none("removed");
      const match = (await sectionMatcher(intent))?.(asked, locale);
      return match ? { outcome: "answered", text: match.answer } : none("unknown");
    } catch (error) {
      log.error({ intent, stack: stackOf(error) }, "the FAQ table cannot be read");
      return none("unavailable");
    }
  }

  return async (event) => {
    const v1 = V1Event.safeParse(event);
    if (v1.success) {
      const { currentIntent, inputTranscript, sessionAttributes } = v1.data;
      const { outcome, text } = await said(currentIntent.name, inputTranscript ?? "");
      const fulfillmentState = outcome === "answered" ? "Fulfilled" : "Failed";
      const message = { contentType: "PlainText", content: text };
      return {
        ...(sessionAttributes && { sessionAttributes }),
        dialogAction: { type: "Close", fulfillmentState, message },
      };
    }
    const { sessionState, inputTranscript, bot } = V2Event.parse(event);
    const { intent, sessionAttributes } = sessionState;
    // Lex says `en_US` where the table says `en`.
    const locale = bot.localeId.replace("_", "-");
    const { outcome, text } = await said(intent.name, inputTranscript, locale);
    return {
      sessionState: {
        ...(sessionAttributes && { sessionAttributes }),
        dialogAction: { type: "Close" },
        intent: {
          ...{ name: intent.name, slots: intent.slots ?? {} },
          state: outcome === "answered" ? "Fulfilled" : "Failed",
        },
      },
      messages: [{ contentType: "PlainText", content: text }],
    };
  };
}
