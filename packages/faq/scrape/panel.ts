import type { Page, PageElement, PageNode } from "./dom.ts";

/** The panel that a page says a node opens: by naming it, or by the panel naming who labels it. */
export function panelOf(page: Page, node: PageElement): PageNode | undefined {
  const { attribs } = node;
  const named = [
    attribs["aria-controls"],
    attribs["data-target"],
    attribs["data-bs-target"],
    attribs.href,
  ];
  for (const said of named) {
    const panel = page.byId.get(said?.replace(/^.*#/, "").trim() ?? "");
    if (panel) return panel;
  }
  // A script mostly says the panel's id: `toggle('a1')`.
  const script = `${attribs.onclick ?? ""} ${/^javascript:/i.test(attribs.href ?? "") ? attribs.href : ""}`;
  for (const [, said = ""] of script.matchAll(/["']#?([\w-]+)["']/g)) {
    const panel = page.byId.get(said);
    if (panel) return panel;
  }
  const ids = [
    attribs.id,
    ...page
      .$(node)
      .find("[id]")
      .toArray()
      .map((one) => one.attribs.id),
  ];
  for (const id of ids) {
    const panel = id === undefined ? undefined : page.byLabel.get(id);
    if (panel) return panel;
  }
  return undefined;
}
