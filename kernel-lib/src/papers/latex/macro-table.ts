import { isKnown, mayExpand, type Definition, type Macro } from "./definitions.js";

/** The author's macros and environments as they stand at a place of the paper. */
export class MacroTable {
  private readonly macros = new Map<string, Macro>();
  private readonly environments = new Map<string, { begin: Macro; end: Macro }>();

  has(name: string): boolean {
    return this.macros.has(name);
  }

  get(name: string): Macro | undefined {
    return this.macros.get(name);
  }

  /** An environment, or what `\name` and `\endname` make one of. */
  environment(name: string): { begin: Macro; end: Macro } | undefined {
    const own = this.environments.get(name);
    if (own || KNOWN_ENVIRONMENT.test(name)) return own;
    const [begin, end] = [this.macros.get(name), this.macros.get(`end${name}`)];
    return begin && end && { begin, end };
  }

  /** Takes a definition up, unless it changes what the reader knows or holds what only TeX can run. */
  add(definition: Definition, onlyIfNew: boolean): void {
    const { name } = definition;
    if (definition.what === "environment") {
      const { begin, end } = definition;
      if (mayExpand("", begin) && mayExpand("", end) && !KNOWN_ENVIRONMENT.test(name))
        this.environments.set(name, { begin, end });
    } else if (definition.what === "macro") {
      if (!(onlyIfNew && this.macros.has(name)) && mayExpand(name, definition.macro))
        this.macros.set(name, definition.macro);
    } else if (!isKnown(name) && name !== definition.target) {
      const command = `\\${definition.target}`;
      const target = this.macros.get(definition.target);
      if (target) this.macros.set(name, target);
      else if (isKnown(definition.target))
        this.macros.set(name, { parameters: [], lead: "", body: [command], source: command });
    }
  }
}

/** Environments that the reader knows, however a paper dresses them. */
const KNOWN_ENVIRONMENT =
  /^(?:figure|table|abstract|document|equation|align|itemize|enumerate|tabular|thebibliography)\*?$/;
