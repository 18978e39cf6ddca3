import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where a program lies that `PATH` leads to, if it is installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const path = join(folder, name);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return undefined;
}
