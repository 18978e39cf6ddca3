import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "./errors.js";

/** A folder that comes with the package, such as `prompts`, wherever in the package this code lies. */
export function packageFolder(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return join(folder, name);
    if (folder === dirname(folder))
      throw new ConfigurationError(
        `figloom's folder "${name}" is not beside its code: install the package again.`,
      );
  }
}
