import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import { addClusterCommands } from "../../../../kernel-lib/src/cli/cluster.js";

afterEach(() => vi.restoreAllMocks());

/** What the program prints on stderr while the commands are added, and how the command then ends. */
async function outcome(load: Parameters<typeof addClusterCommands>[1]) {
  const printed: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void printed.push(line));
  const program = new Command("figloom").exitOverride();
  await addClusterCommands(program, load);
  const end = await program.parseAsync(["node", "figloom", "mock-server", "--port", "1"]).then(
    () => "done",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  return { printed, end, help: program.helpInformation() };
}

test("the package's commands are there when it is installed", async () => {
  const ran: string[] = [];
  const { printed, end } = await outcome(async () => ({
    addCommands: (program) =>
      void program
        .command("mock-server")
        .option("--port <n>")
        .action(({ port }: { port: string }) => void ran.push(port)),
  }));
  expect([printed, end, ran]).toEqual([[], "done", ["1"]]);
});

test("without the package nothing is said before its command is asked for, which then names it", async () => {
  const { printed, end, help } = await outcome(() =>
    Promise.reject(new Error("Cannot find package '@figloom/cluster' imported from somewhere")),
  );
  expect(printed).toEqual([]);
  expect(end).toBe(
    "ConfigurationError: mock-server comes with the package @figloom/cluster: npm install @figloom/cluster",
  );
  expect(help).not.toContain("mock-server");
});

test("a package that cannot be loaded is named with the reason", async () => {
  const { printed, end } = await outcome(() =>
    Promise.reject(new Error("Cannot find module 'commands.cjs'")),
  );
  expect(printed).toEqual([]);
  expect(end).toBe(
    "ConfigurationError: mock-server needs the package @figloom/cluster, which cannot be loaded; install or build it again (Cannot find module 'commands.cjs')",
  );
});
