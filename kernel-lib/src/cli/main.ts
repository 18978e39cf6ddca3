/** The `figloom` command: joins the commands, one a file. */
import { Command, CommanderError } from "commander";
import { ConfigurationError, errorText } from "../errors.js";
import { printable } from "../text/printable.js";
import { VERSION } from "../version.js";
import { addClusterCommands, CLUSTER_COMMANDS } from "./cluster.js";

/** Each command is loaded with all that it needs when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  fetch: async () => (await import("./fetch.js")).fetchCommand(),
  ingest: async () => (await import("./ingest.js")).ingestCommand(),
  estimate: async () => (await import("./estimate.js")).estimateCommand(),
  recaption: async () => (await import("./recaption.js")).recaptionCommand(),
  ocr: async () => (await import("./ocr.js")).ocrCommand(),
  score: async () => (await import("./score.js")).scoreCommand(),
  audit: async () => (await import("./audit.js")).auditCommand(),
  outliers: async () => (await import("./outliers.js")).outliersCommand(),
  check: async () => (await import("./check.js")).checkCommand(),
  review: async () => (await import("./review.js")).reviewCommand(),
  export: async () => (await import("./export.js")).exportCommand(),
  runs: async () => (await import("./runs.js")).runsCommand(),
  models: async () => (await import("./models.js")).modelsCommand(),
  doctor: async () => (await import("./doctor.js")).doctorCommand(),
  kernel: async () => (await import("./kernel.js")).kernelCommand(),
};

/** 0: what was asked for is on disk; 1: too much failed, or it was cancelled; 2: wrong use or configuration. */
async function main(): Promise<number> {
  const program = new Command("figloom")
    .description("Weaves a paper's own words into its figure captions.")
    .version(VERSION)
    // What stands behind a command's name is the command's, also where one of its own commands follows.
    .enablePositionalOptions()
    .showHelpAfterError("(figloom --help, or --help behind a command, says more)");
  await addCommands(program, process.argv[2]);
  for (const command of allCommands(program)) command.exitOverride();
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(printable(`figloom: ${errorText(error)}`));
    if (error instanceof ConfigurationError) return 2;
    const expected = error instanceof Error && error.name === "AbortError";
    if (!expected && process.env.FIGLOOM_DEBUG && error instanceof Error) console.error(error.stack);
    return 1;
  }
}

/** Adds the command of this name; where there is none, such as for help about them, all commands. */
async function addCommands(program: Command, name = ""): Promise<void> {
  if (["-V", "--version"].includes(name)) return;
  const own = Object.hasOwn(COMMANDS, name);
  const names = own ? [name] : CLUSTER_COMMANDS.includes(name) ? [] : Object.keys(COMMANDS);
  for (const each of names) program.addCommand(await COMMANDS[each]!());
  if (!own) await addClusterCommands(program);
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Who reads our output may have had enough of it, as `head` has; the work goes on. */
function outliveReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
for (const stream of [process.stdout, process.stderr]) stream.on("error", outliveReader);

void main().then((code) => {
  process.exitCode = code;
});
