import { embeddedFaqTable } from "@holdline/embedded";
import { describe, onTestFinished } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { faqTableContract } from "./faq-table.ts";

describe("embedded FAQ table", () =>
  faqTableContract(async () => {
    const folder = ownFolder();
    const [table, other] = [embeddedFaqTable(folder), embeddedFaqTable(folder)];
    onTestFinished(() => {
      table.close();
      other.close();
    });
    return { table, other };
  }));
