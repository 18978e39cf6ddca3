import { createRequire } from "node:module";
import { join } from "node:path";

/** The one thing that stock tslab offers a library: the newest cell's display function. */
export type WriteDisplay = (message: object, update: boolean) => void;

/**
 * The display function of the tslab that runs this process, `null` outside a notebook.
 *
 * It is looked up among the loaded modules, because `require("tslab")` from a library could load a second tslab.
 */
export function stockDisplay(): WriteDisplay | null {
  const { cache } = createRequire(join(process.cwd(), "_"));
  for (const [file, module] of Object.entries(cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file)) continue;
    const exported = module?.exports as { lastWriteDisplayData?: WriteDisplay | null } | undefined;
    const write = exported?.lastWriteDisplayData;
    if (write) return write;
  }
  return null;
}
