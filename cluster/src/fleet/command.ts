/** `figloom fleet`. */
import type { Command } from "commander";
import { refuseSlurmFlags, slurmOptions, withSlurmFlags, type SlurmFlags } from "../commands/slurm-flags.js";
import { given, oneMore, positive, whole } from "../commands/values.js";

interface StartFlags extends SlurmFlags {
  model: string;
  on: "local" | "slurm";
  nodes?: number;
  name?: string;
  idle: number | null;
  serve?: string;
  gpusEach?: number;
  gpus?: number;
  minutes?: number;
  cpus?: number;
  memory?: number;
  media?: string;
  patience?: number;
  inherit?: string[];
  node?: string;
  json?: boolean;
}

/** The program's own class makes the command, so that both agree on what an error is. */
export function addFleet(program: Command): void {
  const fleet = program
    .command("fleet")
    .description("Keep vLLM servers standing by for notebooks and commands, which find them by themselves.");
  const starting = fleet
    .command("start")
    .description("start servers on one node or several; they leave when nobody uses them")
    .requiredOption("--model <name>", "what is loaded: a hub's id, or a folder as the nodes see it")
    .addOption(
      fleet
        .createOption("--on <engine>", "this machine, or Slurm")
        .choices(["local", "slurm"])
        .default("local"),
    )
    .option("--nodes <n>", "nodes, each of which serves as soon as it is there", whole(1), 1)
    .option("--name <name>", "the fleet's name (default: the model's)")
    .addOption(
      fleet
        .createOption("--idle <time>", "leave after so long without work: 90s, 2h, never")
        .argParser(duration)
        .default(1800, "30m"),
    )
    .option(
      "--serve <script>",
      "what becomes a server: vllm, apptainer, enroot, mock, or a file (default: vllm)",
    )
    .option("--gpus-each <n>", "GPUs of one server", whole(1), 1)
    .option("--gpus <n>", "GPUs of a node (default: all that are visible; 8 on Slurm)", whole(1))
    .option(
      "--media <folder>",
      "servers read pictures below it: where the datasets are (default: this folder)",
    )
    .option("--patience <seconds>", "until a server must be up", positive, 1800)
    .option("--inherit <name>", "a variable that servers get from this environment (repeatable)", oneMore)
    .option("--node <path>", "Node's program as the nodes see it");
  withSlurmFlags(starting)
    .option("--minutes <n>", "time limit of a node", positive)
    .option("--cpus <n>", "CPUs of a node", whole(1))
    .option("--memory <MiB>", "memory of a node", whole(1))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
The command returns when the nodes are asked for; servers take minutes to load. Notebooks and commands that name no
server (no FIGLOOM_ENDPOINTS, no --endpoint) use those of the fleets in FIGLOOM_FLEET, or in .figloom/fleet of their
folder or the nearest one above. Servers on other nodes than this one listen for all machines that reach them: set
FIGLOOM_API_KEY to a secret before you start them, and where you use them.

Examples:
  figloom fleet start --model Qwen/Qwen3-VL-8B-Instruct
  figloom fleet start --model Qwen/Qwen3-VL-8B-Instruct --on slurm --partition h100 --nodes 2 --idle 1h
  figloom fleet start --model rehearsal --serve mock --gpus 4`,
    )
    .action(start);
  named(fleet, "status", "say which servers there are, and where they are on their way").action(
    async (name: string | undefined, { json }: { json?: boolean }) => {
      const { status } = await import("./fleets.js");
      answer(await status(given({ name })), json);
    },
  );
  named(fleet, "stop", "let a fleet finish what it has, and end it").action(
    async (name: string | undefined, { json }: { json?: boolean }) => {
      const { stop } = await import("./fleets.js");
      answer(await stop(given({ name })), json);
    },
  );
}

const named = (fleet: Command, name: string, description: string): Command =>
  fleet
    .command(name)
    .description(description)
    .argument("[name]", "one fleet (default: all)")
    .option("--json", "print the result as JSON");

async function start(flags: StartFlags): Promise<void> {
  // Loaded late: the program asks for all commands at every start.
  const fleets = await import("./fleets.js");
  const { model, nodes, name, idle, serve, gpusEach, media, patience, inherit, node, json } = flags;
  const { gpus, minutes, cpus, memory } = flags;
  if (flags.on === "local") refuseSlurmFlags(flags);
  const status = await fleets.start({
    ...{ model, idle, resources: given({ gpus, minutes, cpus, memory }) },
    ...given({ nodes, name, serve, gpusEach, media, patience, inherit, node }),
    ...(flags.on === "slurm" && { on: await slurmOf(flags) }),
  });
  answer(status, json);
  if (status.fleets[0]!.nodes.every(({ state }) => state === "gone")) process.exitCode = 1;
}

async function slurmOf(flags: StartFlags) {
  const { slurm } = await import("../slurm/slurm.js");
  // So that it is refused where there will never be room for all of its nodes.
  return slurm({ ...given({ nodes: flags.nodes }), ...slurmOptions(flags) });
}

const answer = (status: object, json: boolean | undefined): void =>
  console.log(json ? JSON.stringify(status) : String(status));

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** Seconds of `90s`, `30m`, `2h` or `1800`; `null` for `never`. */
function duration(text: string): number | null {
  if (text === "never") return null;
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit || "s"] ?? 1);
  if (seconds > 0) return seconds;
  throw Object.assign(new Error("It is a time such as 30m, 2h or 90s, or never."), {
    code: "commander.invalidArgument",
  });
}
