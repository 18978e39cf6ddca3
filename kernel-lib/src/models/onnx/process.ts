import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { withDeadline } from "../../deadline.js";
import { ConfigurationError, errorText } from "../../errors.js";
import { startHelper } from "../../processes/start-helper.js";
import { askedThreads } from "./device.js";
import type { Computed, Device, FromProgram, LoadOrder, Talk, ToProgram } from "./messages.js";

export interface ModelProcessOptions {
  /** @default cpu */
  device?: Device;
  /** Threads that compute. @default FIGLOOM_ONNX_THREADS, or as many as there are processors */
  threads?: number;
  /** How long the process stays when nothing is asked; the next question starts another. @default 120 */
  idleSeconds?: number;
  /** The program's bundle. @default the one beside the bundle that this code is in */
  program?: string;
}

/** An answer that takes longer will not come: the process is ended. */
const ANSWER_SECONDS = 900;

/**
 * A model in a process of its own: ONNX Runtime blocks the thread that asks it, and what it and the picture library do
 * with a stranger's files may end the process that they are in. It is started by the first question, ended when nobody
 * asks for a while or nobody waits for its answer any more, and ends with its parent. Memory that runs out there ends
 * that process alone, the first on Linux to be ended.
 */
export class ModelProcess<K extends Computed> {
  readonly #order: LoadOrder<K>;
  readonly #options: Required<Pick<ModelProcessOptions, "idleSeconds">> &
    Pick<ModelProcessOptions, "program">;
  #current: Running<K> | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param folder absolute */
  constructor(kind: K, folder: string, options: ModelProcessOptions = {}) {
    const { device = "cpu", threads = askedThreads(), idleSeconds = 120, program } = options;
    this.#order = { kind, folder, device, threads };
    this.#options = { idleSeconds, ...(program !== undefined && { program }) };
  }

  /**
   * Loads the model where it is not loaded.
   * @throws {ConfigurationError} when it cannot be used
   */
  async load(signal: AbortSignal): Promise<Talk[K]["about"]> {
    return this.#with(signal, (running) => running.about);
  }

  /**
   * @throws {ProcessEnded} when the process ended over it; the next question starts another
   * @throws {ConfigurationError} when the model had to be loaded and cannot be used
   */
  async ask(request: Talk[K]["request"], signal: AbortSignal): Promise<Talk[K]["reply"]> {
    return this.#with(signal, async (running) => {
      await running.about;
      return running.ask({ ask: request });
    });
  }

  /** Ends the process at once; who waits is told. */
  close(): void {
    clearTimeout(this.#idle);
    this.#current?.end(new ProcessEnded("it was closed"));
    this.#current = undefined;
  }

  async #with<T>(signal: AbortSignal, work: (running: Running<K>) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    if (this.#current?.ended ?? true) this.#current = new Running(this.#order, this.#options.program);
    const running = this.#current!;
    running.waiting++;
    try {
      return await withDeadline(ANSWER_SECONDS, signal, (limited) => unlessAborted(limited, work(running)));
    } catch (error) {
      if (!isTimeout(error) || signal.aborted) throw error;
      const late = new ProcessEnded(`it gave no answer for ${ANSWER_SECONDS} s`);
      running.end(late);
      throw late;
    } finally {
      running.waiting--;
      // It would go on computing what nobody waits for.
      if (signal.aborted && running.waiting === 0) running.end(new ProcessEnded("nobody waits for it"));
      if (running.waiting === 0 && !running.ended) this.#rest(running);
    }
  }

  #rest(running: Running<K>): void {
    running.unref();
    const end = () => running.end(new ProcessEnded("nobody asks it"));
    this.#idle = setTimeout(end, this.#options.idleSeconds * 1000).unref();
  }
}

/** The process ended before it answered: killed by the system for want of memory, or crashed over what it read. */
export class ProcessEnded extends Error {
  override readonly name = "ProcessEnded";
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** By which CUDA finds its libraries and its graphics cards. */
const CUDA = ["CUDA_VISIBLE_DEVICES", "CUDA_PATH", "NVIDIA_VISIBLE_DEVICES"];

const HEAP_MEGABYTES = 4096;

/** One process, from its start to its end. */
class Running<K extends Computed> {
  readonly about: Promise<Talk[K]["about"]>;
  ended = false;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #next = 0;
  #waiting = 0;

  constructor(order: LoadOrder<K>, program = besideThis()) {
    this.#child = startHelper([`--max-old-space-size=${HEAP_MEGABYTES}`, program], CUDA);
    this.#child
      .on("message", (message: FromProgram) => this.#hear(message))
      .on("error", (error) => this.end(new ProcessEnded(errorText(error))))
      .on("exit", (code, signal) =>
        this.end(new ProcessEnded(`it ended (${signal ?? `exit code ${code}`})`)),
      );
    this.about = this.ask<Talk[K]["about"]>({ load: order }).catch((error: unknown) => {
      this.end(new ProcessEnded("it could not load its model"));
      throw unusable(order, error);
    });
    this.about.catch(() => undefined);
  }

  get waiting(): number {
    return this.#waiting;
  }

  set waiting(count: number) {
    if (this.#waiting === 0 && count > 0) {
      this.#child.ref();
      this.#child.channel?.ref();
    }
    this.#waiting = count;
  }

  /** Lets our own process end meanwhile. */
  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  ask<T>(message: { load: LoadOrder } | { ask: Talk[Computed]["request"] }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = this.#next++;
      this.#asked.set(id, { resolve, reject });
      const sent: ToProgram = { id, ...message };
      // An end that comes before this message has told everyone already.
      this.#child.send(sent, () => undefined);
    });
  }

  end(why: ProcessEnded): void {
    if (this.ended) return;
    this.ended = true;
    this.#child.kill("SIGKILL");
    for (const { reject } of this.#asked.values()) reject(why);
    this.#asked.clear();
  }

  #hear(message: FromProgram): void {
    const asker = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if ("error" in message) asker?.reject(new Error(message.error));
    else asker?.resolve(message.answer as never);
  }
}

function besideThis(): string {
  const file = join(__dirname, "model.cjs");
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: build the package (npm run build)`);
}

function unusable({ folder, device }: LoadOrder, error: unknown): ConfigurationError {
  const what =
    error instanceof ProcessEnded
      ? `its process did not survive loading it: ${error.message}. Most likely memory ran out; take a smaller model, or a machine with more memory`
      : errorText(error);
  const way =
    device === "cuda"
      ? " FIGLOOM_ONNX_DEVICE is cuda, which takes ONNX Runtime's libraries for CUDA (docs/models.md); without it the processor computes."
      : "";
  return new ConfigurationError(`The model in ${folder} cannot be used: ${what.replace(/\.+$/, "")}.${way}`);
}
