/** `figloom mock-server` out of the sources, as the installed command has it. */
import { Command } from "commander";
import { addCommands } from "../../cluster/src/commands.js";

const program = new Command("figloom");
addCommands(program);
void program.parseAsync();
