import type { Task } from "../engine.js";

/** What a program needs to run at all; none of these holds a secret. */
export const BASICS = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR"];

export type Environment = Record<string, string | undefined>;

/** The part of an environment that is passed on: the basics, the locale, and what the tasks name. */
export function passedOn(environment: Environment, tasks: Pick<Task, "inherit">[]): Environment {
  const names = new Set([...BASICS, ...tasks.flatMap(({ inherit = [] }) => inherit)]);
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => names.has(name) || name.startsWith("LC_")),
  );
}

/** The whole environment of one attempt of a task. */
export function taskEnvironment(
  environment: Environment,
  { job, task, restarts }: { job: string; task: Task; restarts: number },
): Environment {
  return {
    ...passedOn(environment, [task]),
    ...task.env,
    FIGLOOM_JOB_ID: job,
    FIGLOOM_TASK_ID: task.id,
    FIGLOOM_RESTART_COUNT: String(restarts),
  };
}
