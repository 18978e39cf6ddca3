/** What can be measured in a page about how well everybody gets along with it. */
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

interface Axe {
  run(
    context: object,
    options: object,
  ): Promise<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** Serious and critical findings of axe-core inside of nodes, one line each. */
export async function findings(page: Page, selector: string): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis)))
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  return page.evaluate(async (include) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(
      { include: [...document.querySelectorAll(include)].filter((node) => node.getClientRects().length > 0) },
      { resultTypes: ["violations"] },
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(
          ({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 240)}`,
        ),
      );
  }, selector);
}

/**
 * Words that stand beyond the edge of a node where nothing scrolls to them, and controls that cannot be brought into sight
 * or lie under something else.
 */
export function outOfReach(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((wanted) => {
    const found: string[] = [];
    const shown = (node: Element) =>
      node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      node.getClientRects().length > 0;
    const scrolls = (node: Element) => /auto|scroll/.test(getComputedStyle(node).overflowX);
    const tell = (what: string, node: Element) => found.push(`${what}: ${node.outerHTML.slice(0, 140)}`);
    for (const root of [...document.querySelectorAll<HTMLElement>(wanted)].filter(shown)) {
      const within = (node: Element) => {
        for (let at: Element | null = node; at && at !== root; at = at.parentElement)
          if (scrolls(at)) return true;
        return false;
      };
      const right = root.getBoundingClientRect().right + 1;
      for (const node of root.querySelectorAll("*")) {
        const own = [...node.childNodes].some(
          (child) => child.nodeType === 3 && child.textContent!.trim() !== "",
        );
        const isTicks = node.closest("svg, .figloom-visually-hidden") !== null;
        if (own && !isTicks && shown(node) && node.getBoundingClientRect().right > right && !within(node))
          tell("beyond the edge", node);
      }
      const controls = "button, input, select, textarea, summary, a[href], [tabindex='0']";
      for (const node of root.querySelectorAll<HTMLElement>(controls)) {
        if (!shown(node) || (node as HTMLButtonElement).disabled) continue;
        node.scrollIntoView({ block: "center", inline: "center" });
        const { left, top, right, bottom } = node.getBoundingClientRect();
        const middle = (from: number, to: number, end: number) => (Math.max(0, from) + Math.min(end, to)) / 2;
        const [x, y] = [middle(left, right, innerWidth), middle(top, bottom, innerHeight)];
        const hit = document.elementFromPoint(x, y);
        const label = node.closest("label");
        if (!hit || !(node.contains(hit) || hit.contains(node) || label?.contains(hit)))
          tell("out of reach", node);
      }
    }
    return found;
  }, selector);
}

export interface Walk {
  /** What had the focus, in turn. */
  stops: string[];
  /** Of these, what did not show it. */
  unmarked: string[];
  /** Whether the focus went out at the end. */
  left: boolean;
}

/** Goes through a node by Tab from its first stop on. */
export async function walk(page: Page, selector: string, most = 150): Promise<Walk> {
  const result: Walk = { stops: [], unmarked: [], left: false };
  await page.evaluate((wanted) => {
    const root = document.querySelector<HTMLElement>(wanted)!;
    root.scrollIntoView({ block: "center" });
    const first = [
      ...root.querySelectorAll<HTMLElement>("button, input, select, summary, a[href], [tabindex='0']"),
    ];
    first.find((node) => node.checkVisibility() && !(node as HTMLButtonElement).disabled)?.focus();
  }, selector);
  // A key, so that the browser shows the focus as it does to whom goes by keys.
  await page.keyboard.press("Shift");
  for (let i = 0; i < most; i++) {
    const at = await page.evaluate((wanted) => {
      const node = document.activeElement as HTMLElement;
      if (!node?.closest(wanted)) return null;
      const seen = (of: Element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
        const frame = getComputedStyle(of, "::after");
        const isFramed = frame.content !== "none" && parseFloat(frame.borderTopWidth) > 0;
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none" || isFramed;
      };
      // A list shows the focus at its current item, an editor all round.
      const current = document.getElementById(node.getAttribute("aria-activedescendant") ?? "");
      const editor = node.closest(".cm-editor");
      const isSeen = seen(node) || (current !== null && seen(current)) || editor !== null;
      return { name: node.outerHTML.slice(0, 140), isSeen, isEditor: editor !== null };
    }, selector);
    if (at === null) return { ...result, left: true };
    result.stops.push(at.name);
    if (!at.isSeen) result.unmarked.push(at.name);
    // In an editor Tab is a character until Escape was pressed.
    if (at.isEditor) await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
  }
  return result;
}

/** Changes JupyterLab's theme. */
export async function setTheme(page: Page, theme: "Light" | "Dark"): Promise<void> {
  interface App {
    jupyterapp: { commands: { execute(id: string, args: object): Promise<void> } };
  }
  await page.evaluate(
    (name) =>
      (globalThis as unknown as App).jupyterapp.commands.execute("apputils:change-theme", { theme: name }),
    `JupyterLab ${theme}`,
  );
  await page.waitForSelector(`body[data-jp-theme-light=${theme === "Light"}]`, { state: "attached" });
}
