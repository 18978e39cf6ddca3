/** Commands of `@figloom/cluster`, which figloom does not depend on: they are there when it is installed beside. */
import { Command } from "commander";
import { ConfigurationError, errorText } from "../errors.js";
import { printable } from "../text/printable.js";

const PACKAGE = "@figloom/cluster";
/** Told about even where they are not installed. */
const COMMANDS = ["mock-server"];

interface Commands {
  addCommands(program: Command): void;
}

/** A package that is there and cannot be loaded is said on stderr; all other commands work on. */
export async function addClusterCommands(
  program: Command,
  load: () => Promise<Commands> = () => import(`${PACKAGE}/commands`) as Promise<Commands>,
): Promise<void> {
  try {
    const { addCommands } = await load();
    addCommands(program);
  } catch (error) {
    const absent = errorText(error).startsWith(`Cannot find package '${PACKAGE}'`);
    if (!absent)
      console.error(printable(`figloom: ${PACKAGE} is installed and cannot be loaded: ${errorText(error)}`));
    const wayOut = absent
      ? `comes with the package ${PACKAGE}: npm install ${PACKAGE}`
      : `needs the package ${PACKAGE}, which cannot be loaded: install or build it again`;
    for (const name of COMMANDS) program.addCommand(placeholder(name, wayOut), { hidden: true });
  }
}

function placeholder(name: string, wayOut: string): Command {
  return new Command(name)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new ConfigurationError(`${name} ${wayOut}`);
    });
}
