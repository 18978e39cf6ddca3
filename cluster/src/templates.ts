import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Path of a file that the package ships for sites to read, and to copy and change.
 * @param name such as `slurm.sh`
 */
export function templatePath(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, "templates", name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`The package's templates/${name} is missing.`);
  }
}
