import { controlAt, type Braced } from "../markup/scan.js";

export interface Environment {
  name: string;
  /** From `\begin` to behind `\end{…}`. */
  start: number;
  end: number;
  /** Between the two; arguments of the environment included. */
  bodyStart: number;
  bodyEnd: number;
  parent: Environment | null;
}

export interface Control {
  name: string;
  at: number;
  next: number;
}

/** The control sequences of a document in order, and its environments by where they begin. */
export interface Structure {
  controls: readonly Control[];
  environments: ReadonlyMap<number, Environment>;
  /** The printed part: between `\begin{document}` and `\end{document}` or, in plain TeX, everything. */
  bodyStart: number;
  bodyEnd: number;
}

/** Reads the skeleton of an unfolded document in one pass; an environment left open ends with the one round it. */
export function readStructure(source: Braced): Structure {
  const { text } = source;
  const controls: Control[] = [];
  const environments = new Map<number, Environment>();
  const open: Environment[] = [];
  const openNames = new Map<string, number>();
  const close = (bodyEnd: number, end: number) => {
    const environment = open.pop()!;
    Object.assign(environment, { bodyEnd, end });
    openNames.set(environment.name, openNames.get(environment.name)! - 1);
  };
  let body: Environment | null = null;
  for (let at = text.indexOf("\\"); at >= 0;) {
    const name = controlAt(text, at).slice(1);
    const next = at + 1 + name.length;
    controls.push({ name, at, next });
    if (name === "begin" || name === "end") {
      const argument = source.group(next);
      const environment = argument ? source.slice(argument).trim() : "";
      if (argument && name === "begin") {
        const begun = {
          name: environment,
          start: at,
          end: text.length,
          bodyStart: argument.next,
          bodyEnd: text.length,
          parent: open.at(-1) ?? null,
        };
        if (environment === "document") body ??= begun;
        environments.set(at, begun);
        open.push(begun);
        openNames.set(environment, (openNames.get(environment) ?? 0) + 1);
      } else if (argument && openNames.get(environment)) {
        while (open.at(-1)!.name !== environment) close(at, at);
        close(at, argument.next);
      }
    }
    at = text.indexOf("\\", Math.max(next, at + 1));
  }
  return { controls, environments, bodyStart: body?.bodyStart ?? 0, bodyEnd: body?.bodyEnd ?? text.length };
}

/** Position in `controls` of the first that stands at or behind `at`. */
export function firstControl(controls: readonly Control[], at: number): number {
  let low = 0;
  let high = controls.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (controls[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
