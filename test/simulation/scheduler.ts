import { type Ending, Node } from "./node.js";
import type { Run } from "./run.js";

/** One task of the run's job. */
export interface Task {
  readonly id: number;
  /** The stay that the scheduler knows of. */
  node: Node | null;
  /** It will not be started again. */
  ended: boolean;
  restarts: number;
}

/** Gives nodes to tasks and restarts tasks, as Slurm does; of shards it knows nothing. */
export class Scheduler {
  readonly #run: Run;
  readonly tasks: Task[];
  /** Node-seconds that tasks had. */
  allocated = 0;
  readonly endings: Record<Ending, number> = {
    ...{ left: 0, "time limit": 0, preempted: 0, "node failed": 0, replaced: 0, "worker died": 0 },
  };

  constructor(run: Run) {
    this.#run = run;
    this.tasks = Array.from({ length: run.world.nodes }, (_, id) => ({
      id,
      node: null,
      ended: false,
      restarts: 0,
    }));
  }

  submit(): void {
    const { chance, world } = this.#run;
    const { startsPerSecond, queue } = world.scheduler;
    for (const task of this.tasks)
      this.#startIn(task, 1 + task.id / startsPerSecond + chance.queue.exponential(queue));
  }

  /** No task runs or will. */
  get isIdle(): boolean {
    return this.tasks.every(({ ended }) => ended);
  }

  /** Its node is alive, but no longer heard of: the task is started elsewhere as well. */
  cutOff(node: Node): void {
    const { nodeTimeout } = this.#run.world.scheduler;
    this.#run.clock.after(nodeTimeout, () => {
      if (node.task.node === node) this.#requeue(node.task);
    });
  }

  ended(node: Node, ending: Ending): void {
    const { clock, world, spent } = this.#run;
    const { task } = node;
    this.endings[ending]++;
    const lingers = ending === "node failed" ? world.scheduler.nodeTimeout : 0;
    clock.after(lingers, () => {
      spent.add("dead", lingers);
      this.allocated += clock.now - node.started;
      // Somebody else's by now, where it was cut off.
      if (task.node !== node) return;
      task.node = null;
      const isOver = ending === "left" || (ending === "worker died" && world.policy.restart === "never");
      if (!isOver && !this.#run.finished) this.#requeue(task, ending);
      else task.ended = true;
    });
  }

  #requeue(task: Task, ending?: Ending): void {
    const { chance, world } = this.#run;
    const { requeueDelay, queue, preemptedQueue } = world.scheduler;
    task.node = null;
    task.restarts++;
    const wait = chance.queue.exponential(ending === "preempted" ? preemptedQueue : queue);
    this.#startIn(task, requeueDelay + wait);
  }

  #startIn(task: Task, seconds: number): void {
    this.#run.clock.after(seconds, () => {
      if (this.#run.finished) task.ended = true;
      else task.node = new Node(this.#run, task);
    });
  }
}
