/** What this package adds to the `figloom` command. Small: it is loaded at every start. */
import type { Command } from "commander";
import { addMockServer } from "./mock-server/command.js";

export function addCommands(program: Command): void {
  addMockServer(program);
}
