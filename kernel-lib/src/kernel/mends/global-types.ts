import type { Tslab } from "./tslab.js";

/**
 * Mends the start: before the first cell tslab's TypeScript reads every package in a `node_modules/@types` of the
 * notebook's folder or one above, for names that it might declare globally; in a folder with JupyterLab's packages that
 * takes longer than all the rest. Node's are read, others where a cell imports what they are about, as since TypeScript
 * 6.0, whose `types` is empty unless somebody says otherwise.
 */
export function mendGlobalTypes({ typescript: { sys } }: Pick<Tslab, "typescript">): void {
  const { getDirectories } = sys;
  sys.getDirectories = (path) => {
    const all = getDirectories.call(sys, path);
    return /[\\/]node_modules[\\/]@types[\\/]?$/.test(path) ? all.filter((name) => name === "node") : all;
  };
}
