/** `figloom mock-server` without the rest of figloom: scripts start many of them. */
import { Command } from "commander";
import { errorText } from "figloom/errors";
import { addMockServer } from "./command.js";

const program = new Command("figloom");
addMockServer(program);
program.parseAsync().catch((error: unknown) => {
  console.error(`figloom: ${errorText(error)}`);
  process.exitCode = 2;
});
