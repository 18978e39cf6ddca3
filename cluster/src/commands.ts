/** What this package adds to the `figloom` command. Small: it is loaded at every start. */
import type { Command } from "commander";
import { addRun } from "./commands/run.js";
import { addFleet } from "./fleet/command.js";
import { addMockServer } from "./mock-server/command.js";

export function addCommands(program: Command): void {
  addRun(program);
  addFleet(program);
  addMockServer(program);
}
