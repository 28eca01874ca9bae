import { duration } from "./duration.ts";
import { type Fault, type Step, telling, type Waiting, type Why } from "./why.ts";

/** A conversation's tree in plain words, as lines for a terminal. */
export const words = (why: Why): readonly string[] => pageOf(why).map(harmless);

/** Characters that a terminal obeys, or that turn the line round, are spelt out. */
const harmless = (line: string): string =>
  line.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function pageOf(why: Why): readonly string[] {
  const { faults, steps } = why;
  const waiting = why.waiting.filter(({ says }) => !faults.some((fault) => fault.says === says));
  return [
    ...heading(why),
    "",
    ...(faults.length > 0 ? ["What went wrong", ...faults.flatMap(faultLines), ""] : []),
    ...(waiting.length > 0
      ? ["What is waited for", ...waiting.map((one) => `  - ${waitingLine(one, why.at)}`), ""]
      : []),
    ...(faults.length === 0 ? ["Nothing went wrong that is known here.", ""] : []),
    "What happened",
    ...steps.flatMap(telling).flatMap((step, nth, all) => root(step, all[nth - 1])),
  ];
}

const seen = {
  running: "a pipeline is running",
  stopped: "no pipeline answers: this is what its folder holds",
  history: "a history alone: what a stage has in hand is not in it",
  deployment: "a deployment's table: of what happened it has what was given up on alone",
} as const;

function heading({ conversation, channel, business, customer, events, at, seen: by, now }: Why) {
  const who = business && customer ? `, ${customer} with ${business}` : "";
  const over = channel ? ` over ${channel}` : "";
  return [
    `Conversation ${conversation}${over}${who}`,
    `${events} events; looked at ${at}; ${seen[by]}.`,
    now.join(" "),
  ];
}

const faultLines = ({ code, says, means, todo, since, goingOn }: Fault): readonly string[] => [
  `  - ${code}: ${says}, ${goingOn ? "since" : "at"} ${clock(since)}`,
  ...(means ? [`    means: ${means}`] : []),
  ...(todo ? [`    do:    ${todo}`] : []),
];

const waitingLine = ({ says, since, due }: Waiting, at: string): string =>
  due
    ? `${says}: due in ${duration(Date.parse(due) - Date.parse(at))}, at ${due}`
    : `${says}: for ${duration(Date.parse(at) - Date.parse(since))}`;

const clock = (time: string) => time.slice(11, 23);

/** Time of day, and the date where it is another than before. */
function root(step: Step, before: Step | undefined): readonly string[] {
  const day = step.time.slice(0, 10);
  const date = before?.time.slice(0, 10) === day ? [] : [day];
  return [...date, ...chain(step, `${clock(step.time)}  `, " ".repeat(14))];
}

/** What follows alone is written below; what follows in several ways is branched off. */
function chain(step: Step, head: string, rest: string): readonly string[] {
  const { says, text, waiting } = step;
  const words = text === null ? says : `${says}: ${JSON.stringify(text)}`;
  const next = step.ledTo.flatMap(telling);
  const after = ({ time }: Step) => span(Date.parse(time) - Date.parse(step.time));
  const lines = [
    `${head}${step.faults.length > 0 ? "!! " : ""}${words}`,
    ...waiting.map((line) => `${rest}.. ${line}`),
  ];
  const [only] = next;
  if (only && next.length === 1) return [...lines, ...chain(only, rest + after(only), rest)];
  const branches = next.flatMap((one, nth) => {
    const [branch, beside] = nth === next.length - 1 ? ["└─ ", "   "] : ["├─ ", "│  "];
    return chain(one, `${rest}${branch}${after(one)}`, `${rest}${beside}`);
  });
  return [...lines, ...branches];
}

const span = (ms: number) => `${ms < 0 ? "" : "+"}${duration(ms)} `.padEnd(9);
