import {
  type BotAliasSummary,
  CreateBotAliasCommand,
  DescribeBotAliasCommand,
  type DescribeBotAliasResponse,
  type LexModelsV2Client,
  paginateListBotAliases,
  UpdateBotAliasCommand,
} from "@aws-sdk/client-lex-models-v2";
import { type BuildTerms, type Built, mostMs } from "./build.ts";
import { BuildFailed, waitFor } from "./calls.ts";
import type { LocalePlan } from "./plan.ts";

/** The aliases of a bot: the one of a name as it stands, and the versions that any of them serves. */
export async function aliasesOf(client: LexModelsV2Client, botId: string, name: string) {
  const all: BotAliasSummary[] = [];
  for await (const { botAliasSummaries = [] } of paginateListBotAliases({ client }, { botId }))
    all.push(...botAliasSummaries);
  const found = all.find(({ botAliasName }) => botAliasName === name);
  const { botAliasId } = found ?? {};
  return {
    alias: found && (await client.send(new DescribeBotAliasCommand({ botId, botAliasId }))),
    served: new Set(all.map(({ botVersion }) => botVersion)),
  };
}

/** How an alias finds the function, by locale. */
const localeSettings = (locales: readonly LocalePlan[], { functionArn }: BuildTerms) =>
  Object.fromEntries(
    locales.map(({ localeId }) => [
      localeId,
      {
        enabled: true,
        ...(functionArn !== undefined && {
          codeHookSpecification: {
            lambdaCodeHook: { lambdaARN: functionArn, codeHookInterfaceVersion: "1.0" },
          },
        }),
      },
    ]),
  );

/** Whether an alias serves a version in all locales, by the function that is wanted. */
export function serves(
  { botVersion, botAliasLocaleSettings: has = {} }: DescribeBotAliasResponse,
  version: string,
  locales: readonly LocalePlan[],
  { functionArn }: BuildTerms,
): boolean {
  return (
    botVersion === version &&
    locales.every(({ localeId }) => {
      const { enabled, codeHookSpecification } = has[localeId] ?? {};
      return enabled && codeHookSpecification?.lambdaCodeHook?.lambdaARN === functionArn;
    })
  );
}

/** Points the alias at a version, in one call; makes it where there is none. */
export async function moved(
  client: LexModelsV2Client,
  botId: string,
  alias: DescribeBotAliasResponse | undefined,
  botVersion: string,
  locales: readonly LocalePlan[],
  terms: BuildTerms,
): Promise<string> {
  const settings = {
    ...{ botId, botVersion, botAliasName: terms.alias },
    botAliasLocaleSettings: {
      ...alias?.botAliasLocaleSettings,
      ...localeSettings(locales, terms),
    },
  };
  const { botAliasId = "" } = alias
    ? await client.send(
        // What is left out of an update is gone: logs and sentiment settings are handed on.
        new UpdateBotAliasCommand({
          ...handedOn(alias),
          ...settings,
          botAliasId: alias.botAliasId,
        }),
      )
    : await client.send(new CreateBotAliasCommand(settings));
  terms.progress(`alias ${terms.alias} serves version ${botVersion}`);
  await waitFor(
    `alias ${terms.alias}`,
    async () => {
      const command = new DescribeBotAliasCommand({ botId, botAliasId });
      const { botAliasStatus } = await client.send(command);
      return botAliasStatus === "Available" || undefined;
    },
    { ...terms, mostMs },
  );
  return botAliasId;
}

const handedOn = ({
  description,
  conversationLogSettings,
  sentimentAnalysisSettings,
}: DescribeBotAliasResponse) => ({
  ...{ description, conversationLogSettings, sentimentAnalysisSettings },
});

/** Asks what is live now a question of its own; puts the alias back where it stood when that goes wrong. */
export async function checked(
  client: LexModelsV2Client,
  place: Built,
  before: DescribeBotAliasResponse | undefined,
  locales: readonly LocalePlan[],
  { check, progress }: BuildTerms,
): Promise<void> {
  if (!check) return;
  for (const { localeId, intents } of locales) {
    const [first] = intents;
    const wrong = first && (await check(place, first, localeId));
    if (!wrong) continue;
    if (!before) throw new Error(`the new alias was asked a question of its own: ${wrong}`);
    const { botAliasId, botAliasName, botVersion, botAliasLocaleSettings } = before;
    progress(`putting the alias back to version ${botVersion}`);
    await client.send(
      new UpdateBotAliasCommand({
        ...{ ...handedOn(before), botId: place.botId, botAliasId, botAliasName },
        ...{ botVersion, botAliasLocaleSettings },
      }),
    );
    throw new BuildFailed(`version ${place.version} was asked a question of its own: ${wrong}`);
  }
}
