import { kernelState } from "../state.js";
import { asyncForAwaitTraps } from "./await-traps.js";
import { Cell } from "./cell.js";
import { describeFailure, INTERRUPTED, type Failure } from "./errors.js";
import { withSigintHandlers } from "./interrupt.js";
import type { Request } from "./protocol.js";
import { ExecutionQueue } from "./queue.js";
import type { Executor, Tslab } from "./tslab.js";

interface ExecuteContent {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
}

type Reply =
  | { status: "aborted" }
  | { status: "ok"; execution_count: number; user_expressions: object; payload: [] }
  | ({ status: "error"; execution_count: number } & Failure);

interface Outcome {
  ok: boolean;
  reply: Reply;
}

/**
 * Mends execute_request. Stock tslab ignores `silent` and `store_history` (a panel's request printed into the
 * notebook and raised the count), sends no `execute_input` (executed notebooks kept `execution_count: null`), and
 * says "abort" for "aborted".
 */
export class Execution {
  #count = 0;
  #running: { cell: Cell; request: Request } | undefined;
  readonly #queue = new ExecutionQueue();

  constructor(
    private readonly executor: Executor,
    private readonly typescript: Tslab["typescript"],
    private readonly onStart: (request: Request) => void,
  ) {}

  /** The cell that runs now, and the request it came from. */
  get running(): { cell: Cell; request: Request } | undefined {
    return this.#running;
  }

  async answer(request: Request): Promise<Reply> {
    const content = request.message.content as unknown as ExecuteContent;
    const silent = content.silent === true;
    const rules = { cancellable: !silent, stopsOthers: !silent && content.stop_on_error !== false };
    const outcome = await this.#queue.run(() => this.#execute(request, content, silent), rules);
    return outcome?.reply ?? { status: "aborted" };
  }

  async #execute(request: Request, content: ExecuteContent, silent: boolean): Promise<Outcome> {
    const { code } = content;
    const cell = new Cell(silent ? () => undefined : request.publish);
    if (!silent && content.store_history !== false) this.#count++;
    const execution_count = this.#count;
    cell.executionCount = execution_count;
    if (!silent) kernelState.newest = cell;
    this.#running = { cell, request };
    this.onStart(request);
    cell.publish("execute_input", { code, execution_count });
    const failure = await this.#failure(cell, code);
    cell.flush();
    this.#running = undefined;
    if (!failure)
      return { ok: true, reply: { status: "ok", execution_count, user_expressions: {}, payload: [] } };
    cell.publish("error", failure);
    return { ok: false, reply: { status: "error", execution_count, ...failure } };
  }

  async #failure(cell: Cell, code: string): Promise<Failure | null> {
    const { source, added } = asyncForAwaitTraps(code, this.typescript);
    const run = () => this.executor.execute(source);
    const ok = await kernelState.cells.run(cell, () => withSigintHandlers(run));
    if (ok) return null;
    const [first] = cell.problems;
    const thrown = first?.kind === "thrown" ? (first.value as { code?: unknown } | null) : null;
    // Node ends a synchronous loop itself, without calling the handlers of SIGINT.
    if (thrown?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") cell.interrupt();
    if (cell.signal.aborted) return INTERRUPTED;
    for (const problem of cell.problems)
      if (problem.kind === "compiler" && !problem.file && problem.line === 1) problem.column -= added;
    return describeFailure(cell.problems, code);
  }
}
