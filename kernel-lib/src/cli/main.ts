/** The `figloom` command: joins the commands, one a file. */
import { Command, CommanderError } from "commander";
import { ConfigurationError, errorText } from "../errors.js";
import { printable } from "../text/printable.js";
import { VERSION } from "../version.js";
import { auditCommand } from "./audit.js";
import { checkCommand } from "./check.js";
import { addClusterCommands } from "./cluster.js";
import { doctorCommand } from "./doctor.js";
import { estimateCommand } from "./estimate.js";
import { exportCommand } from "./export.js";
import { fetchCommand } from "./fetch.js";
import { ingestCommand } from "./ingest.js";
import { kernelCommand } from "./kernel.js";
import { modelsCommand } from "./models.js";
import { ocrCommand } from "./ocr.js";
import { outliersCommand } from "./outliers.js";
import { recaptionCommand } from "./recaption.js";
import { runsCommand } from "./runs.js";
import { reviewCommand } from "./review.js";
import { scoreCommand } from "./score.js";

/** 0: what was asked for is on disk; 1: too much failed, or it was cancelled; 2: wrong use or configuration. */
async function main(): Promise<number> {
  const program = new Command("figloom")
    .description("Weaves a paper's own words into its figure captions.")
    .version(VERSION)
    // What stands behind a command's name is the command's, also where one of its own commands follows.
    .enablePositionalOptions()
    .showHelpAfterError("(figloom --help, or --help behind a command, says more)");
  const commands = [
    fetchCommand,
    ingestCommand,
    estimateCommand,
    recaptionCommand,
    ocrCommand,
    scoreCommand,
    auditCommand,
    outliersCommand,
    checkCommand,
    reviewCommand,
    exportCommand,
    runsCommand,
    modelsCommand,
    doctorCommand,
    kernelCommand,
  ];
  for (const command of commands) program.addCommand(command());
  await addClusterCommands(program);
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
