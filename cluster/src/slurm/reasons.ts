import type { Row } from "./queue.js";

/** Why a task waits, in plain words; the first that matches. See squeue(1), "Job reason codes". */
const WAITS: [RegExp, (row: Row) => string][] = [
  [/^Resources$/, ({ partition }) => `Waits: the partition ${partition} is full`],
  [/^Priority$/, ({ partition }) => `Waits: others are before it in the partition ${partition}`],
  [/^JobArrayTaskLimit$/, () => "Waits: as many tasks of the job run as may run at the same time"],
  [
    /^DependencyNeverSatisfied$/,
    () => "Waits for ever: what it depends on can no longer come true; cancel it",
  ],
  [/^Dependency$/, () => "Waits until the tasks of an earlier job have ended"],
  [/^(BeginTime|Cleaning)$/, () => "Waits: Slurm lets a task that is run again start a little later"],
  [/^JobHeldUser$/, () => "Held by its owner; `scontrol release` lets it go"],
  [
    /^(JobHeldAdmin|.*held.*)$/i,
    () => "Held by the site, or by Slurm after it could not be started; ask the site",
  ],
  [/^(PartitionDown|PartitionInactive)$/, ({ partition }) => `Waits: the partition ${partition} is closed`],
  [
    /^PartitionTimeLimit$/,
    ({ partition }) => `Waits for ever: its time limit is longer than the partition ${partition} allows`,
  ],
  [
    /^(PartitionNodeLimit|PartitionConfig)$/,
    ({ partition }) => `Waits for ever: the partition ${partition} does not allow what it asks for`,
  ],
  [
    /^(BadConstraints|InvalidAccount|InvalidQOS)$/,
    () => "Waits for ever: no node, or no account, fits what it asks for",
  ],
  [
    /^(ReqNodeNotAvail|NodeDown|Nodes_required)/,
    () => "Waits: nodes that it could have are down, drained or reserved",
  ],
  [/^Reservation/, () => "Waits: for its reservation, or nodes are reserved for maintenance"],
  [/^(Assoc|QOS|MaxJobsPer|MaxCpuPer|MaxGRESPer)/, () => "Waits: a limit of your account or QOS is reached"],
  [/^Licenses$/, () => "Waits: for a licence"],
];

export function whyWaiting(row: Row): string | undefined {
  if (/^(|None|\(null\))$/.test(row.reason)) return undefined;
  const words = WAITS.find(([pattern]) => pattern.test(row.reason))?.[1](row) ?? "Waits";
  return `${words} (${row.reason}).`;
}

/** The signal with which Slurm marks a task whose script it could not even start. */
const NOT_STARTED = 53;

/** Why a task has ended as it did, where its exit code does not say it. */
export function whyEnded(row: Row): string | undefined {
  const on = row.node === "" ? "its node" : `the node ${row.node}`;
  switch (row.state) {
    case "TIMEOUT":
      return "It met its time limit.";
    case "DEADLINE":
      return "It met its deadline.";
    case "OUT_OF_MEMORY":
      return "It took more memory than it had asked for.";
    case "NODE_FAIL":
      return `Its node failed (${row.node}), and Slurm did not requeue it.`;
    case "BOOT_FAIL":
      return `Its node did not start (${row.node}).`;
    case "PREEMPTED":
      return "A job of higher priority took its node, and Slurm did not requeue it.";
    case "FAILED":
      if (row.signal === NOT_STARTED)
        return `It could not be started on ${on}: most often since that node cannot write to the job's folder. Do all nodes share it?`;
      return EXITS[row.exitCode];
    default:
      return undefined;
  }
}

/** What the job script and shells mean by an exit code. */
const EXITS: Record<number, string | undefined> = {
  75: "It asked to be run again, and Slurm did not take it; requeue it.",
  78: "Its folder, or its job's, cannot be read on its node; its log says which.",
  126: "Exit code 126 says that its command cannot be executed; its log says why.",
  127: "Exit code 127 says that its command was not found; its log says which.",
};
