import * as z from "zod";

const placeholder = /\{(\w+)\}/g;

/** A wording that may name what is listed; a misspelt name would be left out of a text. */
const naming = (...known: readonly string[]) =>
  z.string().superRefine((wording, context) => {
    const use = known.length > 0 ? `; use ${known.map((one) => `{${one}}`).join(", ")}` : "";
    for (const [whole, name = ""] of wording.matchAll(placeholder))
      if (!known.includes(name))
        context.addIssue({ code: "custom", message: `there is no ${whole} to put in here${use}` });
  });
const words = (...names: readonly string[]) => naming("organisation", ...names);
const needed = (...names: readonly string[]) => words(...names).min(1);
/** Words put into others, or said for somebody else. */
const piece = (...names: readonly string[]) => naming(...names).min(1);

/** Everything we say in our own name. `{name}` stands for what is put in; `""` means nothing is said. */
export const Wording = z.strictObject({
  offer: needed(),
  greeting: needed(),
  alreadyWaiting: words("place"),
  declined: words(),
  waiting: needed(),
  place: piece("position", "time"),
  placeOnly: piece("position"),
  closed: needed(),
  full: needed(),
  abandoned: needed(),
  stumped: needed(),
  joined: words("agent"),
  left: words(),
  ended: words(),
  endedWaiting: words(),
  reopening: words(),
  notRelayed: needed(),
  notOpened: needed(),
  tryingAgain: words(),
  idle: words(),
  stop: needed(),
  start: needed(),
  help: needed(),
  attachment: piece("agent", "name"),
  aMoment: piece(),
  aboutMinutes: piece("n"),
  aboutHours: piece("n"),
});
export type Wording = z.output<typeof Wording>;

const english: Wording = {
  offer:
    "{organisation}: You asked to go on by text instead of waiting on the phone. Reply YES to keep your place in line. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
  greeting:
    "Hi, this is {organisation}. We can help you here by text: a bot answers at once, and an agent joins when one is free. Reply YES to start. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
  alreadyWaiting: "You already have a place in our line by text. {place}",
  declined: "All right, we won't go on by text. You can call us any time.",
  waiting:
    "Thanks, you are in line for an agent. Ask me anything meanwhile, or text WAIT to hear your place.",
  place:
    "You are number {position} in line; an agent should join in {time}. Ask me anything meanwhile.",
  placeOnly: "You are number {position} in line. Ask me anything meanwhile.",
  closed:
    "Our agents are away right now, so nobody can join this chat. Please text us again during opening hours.",
  full: "So many people are waiting that our line is full right now. Please text us again in a while.",
  abandoned:
    "Sorry, we could not keep your place in line. Please text us again and we will start over.",
  stumped:
    "Sorry, I don't know that one. An agent will see your question as soon as they join. Text WAIT to hear your place in line.",
  joined: "{agent} has joined. Your texts now go to {agent}.",
  left: "You are being passed on to another agent. Your next texts wait for them; the bot answers meanwhile.",
  ended: "This chat has ended. Text us again whenever you need us.",
  endedWaiting:
    "Your chat was closed before an agent could join. Text us again and we will start over.",
  reopening:
    "That chat had just ended, so we opened a new one with your text. You are in line again.",
  notRelayed: "Sorry, we could not pass on your last text. Please send it again in other words.",
  notOpened: "Sorry, we can't take your chat at the moment. Please call us instead.",
  tryingAgain: "All our lines are busy. We keep trying and text you as soon as you have a place.",
  idle: "We haven't heard from you in a while, so we closed this chat. Text us again whenever you need us.",
  stop: "You are opted out of texts from {organisation} and will get no more. Reply START to opt back in.",
  start:
    "You are opted back in to texts from {organisation}. Text us whenever you need us. Reply STOP to opt out.",
  help: "{organisation} support by text. Text your question, or WAIT for your place in line. Msg & data rates may apply. Reply STOP to opt out.",
  attachment: "{agent} sent a file ({name}) that can't be shown by text.",
  aMoment: "a moment",
  aboutMinutes: "about {n} min",
  aboutHours: "about {n} h",
};

const spanish: Wording = {
  offer:
    "{organisation}: Ha pedido seguir por mensaje en lugar de esperar al teléfono. Responda SI para conservar su turno. Pueden aplicarse tarifas. AYUDA para ayuda, STOP para no recibir más.",
  greeting:
    "Hola, somos {organisation}. Podemos ayudarle por mensaje: un bot contesta enseguida y un agente se une en cuanto pueda. Responda SI para empezar. Pueden aplicarse tarifas. AYUDA para ayuda, STOP para no recibir más.",
  alreadyWaiting: "Ya tiene un turno con nosotros por mensaje. {place}",
  declined: "De acuerdo, no seguimos por mensaje. Puede llamarnos cuando quiera.",
  waiting:
    "Gracias, está en la cola para un agente. Pregúnteme lo que quiera mientras tanto, o escriba ESPERA para saber su turno.",
  place:
    "Es el número {position} de la cola; un agente debería unirse en {time}. Pregúnteme lo que quiera mientras tanto.",
  placeOnly: "Es el número {position} de la cola. Pregúnteme lo que quiera mientras tanto.",
  closed: "Ahora mismo no hay agentes. Escríbanos de nuevo en horario de atención.",
  full: "Hay tanta gente esperando que la cola está llena. Escríbanos de nuevo en un rato.",
  abandoned:
    "Lo sentimos, no pudimos conservar su turno. Escríbanos de nuevo y empezamos otra vez.",
  stumped:
    "Lo siento, eso no lo sé. Un agente verá su pregunta en cuanto se una. Escriba ESPERA para saber su turno.",
  joined: "{agent} se ha unido. Sus mensajes llegan ahora a {agent}.",
  left: "Le pasamos con otro agente. Mientras tanto contesta el bot.",
  ended: "Este chat ha terminado. Escríbanos cuando nos necesite.",
  endedWaiting: "Su chat se cerró antes de que un agente pudiera unirse. Escríbanos de nuevo.",
  reopening:
    "Ese chat acababa de terminar; hemos abierto otro con su mensaje. Vuelve a estar en la cola.",
  notRelayed:
    "Lo sentimos, no pudimos entregar su último mensaje. Envíelo de nuevo con otras palabras.",
  notOpened: "Lo sentimos, ahora no podemos atender su chat. Llámenos, por favor.",
  tryingAgain: "Todas nuestras líneas están ocupadas. Seguimos intentándolo y le avisamos.",
  idle: "Hace rato que no sabemos de usted y hemos cerrado este chat. Escríbanos cuando nos necesite.",
  stop: "Ya no recibirá más mensajes de {organisation}. Responda START para volver a recibirlos.",
  start:
    "Vuelve a recibir mensajes de {organisation}. Escríbanos cuando nos necesite. STOP para no recibir más.",
  help: "Ayuda de {organisation} por mensaje. Escriba su pregunta, o ESPERA para saber su turno. Pueden aplicarse tarifas. STOP para no recibir más.",
  attachment: "{agent} ha enviado un archivo ({name}) que no se puede mostrar por mensaje.",
  aMoment: "un momento",
  aboutMinutes: "unos {n} min",
  aboutHours: "unas {n} h",
};

/** The wording of a language we ship, English where we have none. */
export const shippedWording = (language: string): Wording =>
  language.toLowerCase().startsWith("es") ? spanish : english;

/** Puts values into a wording. A name that is not given is left out. */
export const worded = (
  wording: string,
  values: Readonly<Record<string, string | number>>,
): string => wording.replace(placeholder, (_, name: string) => String(values[name] ?? ""));
