import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
export const OUTPUT = join(ROOT, "test", "output");

/**
 * A copy of the notebooks and their papers that a test may write to. It lies inside the repository, so that the
 * cells' imports resolve as they do for a user.
 */
export function copyNotebooks(name: string): string {
  const folder = join(OUTPUT, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, "notebooks"), folder, {
    recursive: true,
    filter: (path) => !/[\\/](data|executed|make|pictures|setup|\.ipynb_checkpoints)$/.test(path),
  });
  return folder;
}
