import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addFleet } from "../../../../cluster/src/fleet/command.js";

let folder: string;
const said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-fleet-"));
  vi.stubEnv("FIGLOOM_FLEET", folder);
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  said.length = 0;
  rmSync(folder, { recursive: true });
});

async function fleet(...args: string[]): Promise<string[]> {
  const program = new Command("figloom");
  addFleet(program);
  for (const command of program.commands.flatMap((each) => [each, ...each.commands]))
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(["node", "figloom", "fleet", ...args]);
  return said;
}

test("without a fleet it says so, also as JSON", async () => {
  expect(await fleet("status")).toEqual(["There is no fleet; figloom fleet start starts one."]);
  expect(await fleet("stop", "--json")).toContain('{"fleets":[]}');
});

test.each([
  [["start"], /--model/],
  [["start", "--model", "m", "--idle", "soon"], /It is a time such as 30m, 2h or 90s, or never/],
  [["start", "--model", "m", "--idle", "0"], /It is a time such as/],
  [["start", "--model", "m", "--nodes", "0"], /whole number from 1/],
  [["start", "--model", "m", "--on", "moon"], /Allowed choices are local, slurm/],
  [["start", "--model", "m", "--serve", "/nowhere.sh"], /The script \/nowhere\.sh is not there/],
  [["start", "--model", "./models/mine"], /a folder named from here: give .*, such as \/.*\/models\/mine\./],
  [
    ["start", "--model", "~/mine"],
    /a folder named from here: give the path from the root, as nodes see it\./,
  ],
  [
    ["start", "--model", "m", "--partition", "h100"],
    /^--partition is for Slurm: add --on slurm, or leave it out/,
  ],
  [["stop", "mine"], /There is no fleet mine in /],
])("%j is told to be wrong", async (args, why) => {
  await expect(fleet(...args)).rejects.toThrow(why);
});
