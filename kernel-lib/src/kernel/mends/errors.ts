import { inspect } from "node:util";
import { kernelState } from "../state.js";
import type { Cell } from "./cell.js";
import type { Tslab } from "./tslab.js";

/** A message of the compiler (1-based position), or a thrown value. */
export type Problem =
  | { kind: "compiler"; file: string; line: number; column: number; text: string }
  | { kind: "thrown"; value: unknown };

/** The fields that Jupyter wants of an error. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/**
 * Mends errors. Stock tslab prints a failed cell's error to stderr and answers a bare `status: "error"`, so
 * JupyterLab shows no traceback and nbconvert cannot say what happened. Here the compiler's messages and thrown
 * values are collected with their cell, to be sent once as an `error`. The value of a last expression, which stock
 * tslab prints, becomes the cell's result.
 */
export function mendErrors({ executor }: Tslab): void {
  const create = executor.createExecutor;
  executor.createExecutor = (folder, converters, console) => {
    const inner = create(folder, converters, {
      log: (value) => (cell() ? cell()?.result(value) : console.log(value)),
      error: (...args) => (cell() ? cell()?.problems.push(problem(args)) : console.error(...args)),
    });
    return {
      ...inner,
      execute: async (code) => {
        const ok = await inner.execute(code).catch((error: unknown) => {
          cell()?.problems.push({ kind: "thrown", value: error });
          return false;
        });
        // A cell that defines a module runs in spite of compiler messages: they are warnings.
        if (ok)
          for (const each of cell()?.problems.splice(0) ?? []) console.error(lines(each, code).join("\n"));
        return ok;
      },
    };
  };
}

function cell(): Cell | undefined {
  return kernelState.cells.getStore() as Cell | undefined;
}

/** tslab calls `console.error` with this format for the compiler's messages, and with the value for a thrown one. */
const COMPILER_FORMAT = "%s%d:%d - %s";

function problem(args: unknown[]): Problem {
  const [format, file, line, column, text] = args;
  if (format !== COMPILER_FORMAT) return { kind: "thrown", value: format };
  return {
    kind: "compiler",
    file: String(file).trim(),
    line: Number(line),
    column: Number(column),
    text: String(text),
  };
}

/** The error to report for a failed cell with this source. */
export function describeFailure(problems: readonly Problem[], code: string): Failure {
  const first = problems[0];
  if (!first) return { ename: "Error", evalue: "the cell failed", traceback: ["the cell failed"] };
  if (first.kind === "compiler") {
    const shown = problems.flatMap((each) => lines(each, code));
    return { ename: "TypeScriptError", evalue: first.text, traceback: ["TypeScriptError:", ...shown] };
  }
  return describeThrown(first.value);
}

/** The report of an interrupted cell. */
export const INTERRUPTED: Failure = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted"],
};

function lines(problem: Problem, code: string): string[] {
  if (problem.kind === "thrown") return describeThrown(problem.value).traceback;
  const { file, line, column, text } = problem;
  const place = `${file ? `${file} ` : ""}${line}:${column} - ${text}`;
  const source = file ? undefined : code.split("\n")[line - 1];
  return source === undefined ? [place] : [place, `  ${source}`, `  ${" ".repeat(column - 1)}^`];
}

function describeThrown(value: unknown): Failure {
  if (!isError(value)) {
    const text = inspect(value);
    return { ename: "Thrown", evalue: text, traceback: [`Thrown: ${text}`] };
  }
  const { name, message, wayOut } = value as Error & { wayOut?: unknown };
  // figloom's own errors say in words what happened and what to do; a stack would only hide it.
  const explained = name === "ConfigurationError" || name === "ItemError";
  const traceback = explained
    ? [`${name}: ${message}`, ...(typeof wayOut === "string" ? [wayOut] : [])]
    : withoutKernelFrames(inspect(value));
  return { ename: name, evalue: message, traceback };
}

/** Errors of another realm are not `instanceof Error`. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** The compiled line that Node puts before the stack of an error thrown while a script starts. */
const SCRIPT_EXCERPT = /^evalmachine\.<anonymous>:\d+\n.*\n\s*\^+\n+/;

/**
 * Leaves out the frames of Node, tslab and this file, and the positions within the cell: they count in the compiled
 * JavaScript, not in what the user wrote.
 */
function withoutKernelFrames(text: string): string[] {
  return text
    .replace(SCRIPT_EXCERPT, "")
    .split("\n")
    .filter((line) => !(/^\s+at .*(node:|[\\/]tslab[\\/]dist[\\/])/.test(line) || line.includes(__filename)))
    .map((line) => line.replace(/evalmachine\.<anonymous>(:\d+)*/, "cell"))
    .filter((line, i, all) => line !== "    at cell" || line !== all[i - 1]);
}
