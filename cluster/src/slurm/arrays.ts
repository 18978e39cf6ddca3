import type { Submission } from "./folder.js";

/** Tasks that go into one array. */
export type ArrayPlan = Pick<Submission, "first" | "indices">;

/** Puts tasks into arrays: task `number` always has the index `number % size`, so that its logs stay where they are. */
export function arraysOf(numbers: number[], size: number): ArrayPlan[] {
  const arrays = new Map<number, ArrayPlan>();
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const first = number - (number % size);
    const array = arrays.get(first) ?? { first, indices: [] };
    arrays.set(first, array);
    array.indices.push(number - first);
  }
  return [...arrays.values()];
}

/** Rising array indices as Slurm takes them: `0-3,7,9-10`. */
export function indexList(indices: number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === index) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** The same tasks as `scancel` and `scontrol` name them: `12_[0-3,7]`. */
export function arrayTasks(array: string, indices: number[]): string {
  return `${array}_[${indexList(indices)}]`;
}
