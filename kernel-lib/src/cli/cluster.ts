/** Commands of `@figloom/cluster`, which figloom does not depend on: they are there when it is installed beside. */
import { Command } from "commander";
import { ConfigurationError, errorText } from "../errors.js";

const PACKAGE = "@figloom/cluster";
/** Told about even where they are not installed. */
export const CLUSTER_COMMANDS = ["run", "fleet", "mock-server"];

interface Commands {
  addCommands(program: Command): void;
}

/** A package that cannot be loaded is no hindrance to other commands; who asks for one of its own is told why. */
export async function addClusterCommands(
  program: Command,
  load: () => Promise<Commands> = () => import(`${PACKAGE}/commands`) as Promise<Commands>,
): Promise<void> {
  try {
    const { addCommands } = await load();
    addCommands(program);
  } catch (error) {
    const wayOut = errorText(error).startsWith(`Cannot find package '${PACKAGE}'`)
      ? `comes with the package ${PACKAGE}: npm install ${PACKAGE}`
      : `needs the package ${PACKAGE}, which cannot be loaded; install or build it again (${errorText(error)})`;
    for (const name of CLUSTER_COMMANDS) program.addCommand(placeholder(name, wayOut), { hidden: true });
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
