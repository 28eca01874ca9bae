import { describe, expect, it } from "vitest";
import { granted, ofType } from "./rules.ts";
import type { Synth } from "./synth.ts";

/** What the deployment makes for the bot's answers, and who may do what with them. */
export function faqSuite(production: () => Synth) {
  describe("the FAQ", () => {
    const roleOf = (name: string) => {
      const fn = ofType(production(), "aws:lambda/function:Function").find((one) =>
        one.name.startsWith(name),
      );
      const may = granted(production())
        .filter(({ role }) => role.startsWith(name))
        .flatMap(({ statement }) => [statement.Action ?? []].flat());
      return { fn, may: [...new Set(may)].sort() };
    };

    it("is answered by a function that can read its table, and do nothing else", () => {
      expect(roleOf("FaqAnswer").may).toEqual([
        "dynamodb:GetItem",
        "dynamodb:Query",
        "kms:Decrypt",
      ]);
    });

    it("is synced by a function that can write to its table alone", () => {
      const { may, fn } = roleOf("FaqSyncHandler");
      expect(may).toEqual([
        ...["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        ...["kms:Decrypt", "kms:GenerateDataKey"],
      ]);
      expect(fn?.inputs.timeout).toBeGreaterThanOrEqual(300);
      const [own] = granted(production()).filter(
        ({ role, statement }) =>
          role.startsWith("FaqSyncHandler") &&
          [statement.Action].flat().includes("dynamodb:PutItem"),
      );
      const tables = ofType(production(), "aws:dynamodb/table:Table");
      const table = tables.find(({ name }) => name.startsWith("Faq"));
      expect(own?.statement.Resource).toMatch(new RegExp(`table/${table?.inputs.name}$`));
    });

    it("is kept by a table of its own that a mistake does not take away", () => {
      const tables = ofType(production(), "aws:dynamodb/table:Table");
      expect(tables).toHaveLength(2);
      expect(tables.find(({ name }) => name.startsWith("Faq"))?.inputs).toMatchObject({
        ...{ deletionProtectionEnabled: true, pointInTimeRecovery: { enabled: true } },
      });
    });

    it("may be asked for by Lex, V2 and V1, of this account alone", () => {
      const permissions = ofType(production(), "aws:lambda/permission:Permission").filter(
        ({ name }) => name.startsWith("FaqAnswer"),
      );
      expect(permissions.map(({ inputs }) => inputs.principal).sort()).toEqual([
        "lex.amazonaws.com",
        "lexv2.amazonaws.com",
      ]);
      for (const { inputs } of permissions) {
        expect(inputs.sourceAccount).toBe("123456789012");
        expect(inputs.sourceArn).toMatch(
          /^arn:aws:lex:[a-z0-9-]+:123456789012:(bot-alias\/|intent:)\*$/,
        );
      }
    });

    it("has a role for the bot that lets it do nothing", () => {
      const role = ofType(production(), "aws:iam/role:Role").find(({ name }) => name === "BotRole");
      expect(role?.inputs.assumeRolePolicy).toContain("lexv2.amazonaws.com");
      expect(granted(production()).filter(({ role: of }) => of === "BotRole")).toEqual([]);
      const attached = ofType(production(), "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
      expect(attached.filter(({ inputs }) => inputs.role === role?.inputs.name)).toEqual([]);
    });

    it("wakes somebody when a page changed, shrank or could not be read", () => {
      const alarms = ofType(production(), "aws:cloudwatch/metricAlarm:MetricAlarm");
      const metrics = alarms.map(({ inputs }) => inputs.metricName);
      for (const metric of [
        "FaqPairsChanged",
        "FaqPagesShrunk",
        "FaqPagesUnread",
        "FaqTableUnread",
      ])
        expect(metrics).toContain(metric);
    });
  });
}
