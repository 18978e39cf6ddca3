import { Command } from "commander";
import { ConfigurationError } from "../errors.js";
import { installKernelSpec } from "../kernel/kernelspec.js";
import { saying } from "../lab/summary.js";
import { answer, JSON_OPTION } from "./options.js";

interface Flags {
  prefix?: string;
  user?: boolean;
  json?: boolean;
}

export function kernelCommand(): Command {
  const install = new Command("install")
    .description("Tell Jupyter about the figloom kernel.")
    .option("--prefix <dir>", "into this Python environment")
    .option("--user", "for the user, in all of their environments")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  figloom kernel install --prefix .venv
  figloom kernel install --user`,
    )
    .action(async ({ prefix, user, json }: Flags) => {
      if ((prefix === undefined) === (user === undefined))
        throw new ConfigurationError("Say where the kernel goes: --prefix DIR or --user.");
      const folder = await installKernelSpec(prefix === undefined ? { user: true } : { prefix });
      answer(saying({ folder }, `The kernel "figloom (TypeScript)" is installed in ${folder}.`), { json });
    });
  return new Command("kernel").description("The notebook kernel.").addCommand(install);
}
