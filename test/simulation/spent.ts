/** What a node's time goes into while a task has it. Parts of a second add up: a node with a dead server works 7/8. */
export const PURPOSES = {
  working: "asking, of what counts in the end",
  again: "asking what was asked before: lost in flight, or done twice",
  starting: "loading the model and warming up",
  serverDown: "GPUs whose server is being restarted",
  slow: "what slow nodes do less",
  stalled: "the file system stands still",
  lastAnswers: "nothing left to ask, answers coming in",
  waiting: "for a silent holder's shards",
  narrow: "finding out which figure kills workers",
  leaving: "within the grace before a time limit or a preemption",
  dead: "dead, and not yet taken for dead",
  collecting: "bringing the last results into the dataset",
} as const;
export type Purpose = keyof typeof PURPOSES;

/** Node-seconds by purpose. */
export class Spent {
  readonly seconds = Object.fromEntries(Object.keys(PURPOSES).map((name) => [name, 0])) as Record<
    Purpose,
    number
  >;

  add(purpose: Purpose, seconds: number): void {
    this.seconds[purpose] += seconds;
  }

  get total(): number {
    return Object.values(this.seconds).reduce((total, each) => total + each, 0);
  }
}
