import { createRequire } from "node:module";

/**
 * A package that is loaded when it is first asked for: one that takes long to load and that few commands need would
 * otherwise slow down the start of all.
 */
export function lazily<T>(name: string): () => T {
  let loaded: T | undefined;
  return () => (loaded ??= createRequire(__filename)(name) as T);
}
