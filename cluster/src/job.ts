import { statSync } from "node:fs";
import type { Job, Resources, Task } from "./engine.js";
import { ConfigurationError } from "figloom/errors";

const MAX_TASKS = 100_000;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)$/i;

const wrong = (message: string): ConfigurationError => new ConfigurationError(message);
const quoted = (text: unknown): string => String(JSON.stringify(text)).slice(0, 120);

/**
 * Refuses a job that no engine should be given: ids that would leave the job's folder, secrets by value, nonsense
 * in commands or resources.
 * @throws {ConfigurationError} that names the task and says what to change.
 */
export function checkJob({ name, tasks, resources = {} }: Job): void {
  if (!ID.test(name)) throw wrong(`The job's name ${quoted(name)} ${ID_RULE}`);
  if (tasks.length === 0) throw wrong(`The job ${name} has no tasks; give it at least one.`);
  if (tasks.length > MAX_TASKS)
    throw wrong(`The job ${name} has ${tasks.length} tasks, more than ${MAX_TASKS}; make them larger.`);
  const seen = new Set<string>();
  for (const task of tasks) {
    if (!ID.test(task.id)) throw wrong(`The task id ${quoted(task.id)} of the job ${name} ${ID_RULE}`);
    // Some file systems do not tell "A" from "a", and an id is a folder's name.
    const folded = task.id.toLowerCase();
    if (seen.has(folded))
      throw wrong(`Two tasks of the job ${name} are called ${task.id}; give each its own id.`);
    seen.add(folded);
    checkCommand(task);
    checkVariables(task);
  }
  checkResources(name, resources);
}

/** Folders of tasks that are not there, a sentence each. */
export function missingFolders({ name, tasks }: Job): string[] {
  const folders = [...new Set(tasks.map(({ cwd }) => cwd))];
  return folders
    .filter((cwd) => !statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    .map((cwd) => `The tasks of ${name} are to run in ${cwd}, which is not a folder.`);
}

const ID_RULE =
  "cannot be used; use at most 100 letters, digits, '.', '_' and '-', starting with a letter or digit.";

function checkCommand({ id, command, cwd }: Task): void {
  if (command.length === 0 || command[0] === "")
    throw wrong(`The task ${id} has no command; give a program and its arguments.`);
  if ([...command, cwd].some((part) => typeof part !== "string" || part.includes("\0")))
    throw wrong(`The command and cwd of the task ${id} must be strings without zero bytes.`);
  if (!cwd.startsWith("/"))
    throw wrong(`The cwd of the task ${id} is ${quoted(cwd)}; give an absolute path.`);
}

function checkVariables({ id, env = {}, inherit = [] }: Task): void {
  for (const variable of [...Object.keys(env), ...inherit])
    if (!VARIABLE.test(variable))
      throw wrong(`The task ${id} names a variable ${quoted(variable)}, which no environment can hold.`);
  for (const [variable, value] of Object.entries(env)) {
    if (SECRET.test(variable))
      throw wrong(
        `The task ${id} gives ${variable} by value, and values are written to disk; ` +
          `set it in your environment and list the name under inherit.`,
      );
    if (typeof value !== "string" || value.includes("\0"))
      throw wrong(`The variable ${variable} of the task ${id} must be a string without zero bytes.`);
  }
}

function checkResources(job: string, resources: Resources): void {
  for (const [what, value] of Object.entries(resources)) {
    if (what === "partition") continue;
    const whole = what === "cpus" || what === "gpus";
    const least = what === "gpus" ? 0 : Number.MIN_VALUE;
    if (!Number.isFinite(value) || value < least || (whole && !Number.isInteger(value)))
      throw wrong(
        `The job ${job} asks for ${what}: ${quoted(value)}; give a ${whole ? "whole " : ""}number.`,
      );
  }
}
