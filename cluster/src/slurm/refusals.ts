/** What Slurm said when it refused: its own words, without the command's name before each line. */
export function refusal(stderr: string): string {
  const said = stderr
    .split("\n")
    .map((line) =>
      line.replace(/^\s*(sbatch|squeue|scancel|scontrol|sacct|sinfo)?:?\s*(error|fatal)?:\s*/i, "").trim(),
    )
    .filter((line) => line !== "" && !/^allocation failure:?$/i.test(line));
  const words = said.map((line) =>
    line.replace(/^(batch job submission failed|allocation failure):\s*/i, ""),
  );
  return [...new Set(words)].join("; ").replace(/\.$/, "") || "it did not say why";
}

const MEANINGS: [RegExp, string][] = [
  [
    /invalid account|account\/partition/i,
    "The account may not be used there; `sacctmgr show assoc user=$USER` lists yours",
  ],
  [
    /invalid qos/i,
    "There is no such QOS for you; `sacctmgr show assoc user=$USER format=account,qos` lists yours",
  ],
  [
    /invalid feature/i,
    "No node has the features that constraint asks for; `sinfo -o '%N %f'` lists what they have",
  ],
  [
    /node configuration is not available/i,
    "No node of the partition has what a task asks for: fewer gpus, cpus or memory",
  ],
  [/time limit/i, "The time limit is longer than the partition allows"],
  [
    /accounting\/qos policy|submit.*limit/i,
    "A limit of your account is reached: fewer tasks, or wait until others have ended",
  ],
  [/user.*(not|denied)|access|permission/i, "You may not submit there"],
];

/** A refused submission in one plain sentence. */
export function explainRefusal(stderr: string): string {
  const said = refusal(stderr);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
  return meaning === undefined ? `Slurm refuses the job: ${said}.` : `${meaning} (Slurm says: ${said}).`;
}
