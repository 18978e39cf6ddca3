/** The parts of tslab 1.0 that the mends hold on to. tslab publishes no types for them. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Socket {
  send(frames: (Uint8Array | string)[]): Promise<void>;
}

export interface PublisherSocket extends Socket {
  sendHighWaterMark: number;
  sendTimeout: number;
}

export interface Executor {
  /** Compiles and runs a cell; `false` when it failed, after telling `console.error` why. */
  execute(code: string): Promise<boolean>;
}

export interface ExecutorConsole {
  /** Called with the value of a cell's last expression. */
  log(value: unknown): void;
  /** Called with a thrown value, or with a format and the parts of one compiler message. */
  error(...args: unknown[]): void;
}

export interface Handler {
  executor: Executor;
  isJs: boolean;
  handleKernel(): { language_info: Record<string, unknown> } & Record<string, unknown>;
  handleIsComplete(content: object): object;
  handleInspect(content: object): object;
  handleComplete(content: object): object;
  createWriteToIopub(name: "stdout" | "stderr"): typeof process.stdout.write;
}

export interface Server {
  handler: Handler;
  connInfo: { key: string };
  iopub: PublisherSocket;
  init(): Promise<void>;
  handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void>;
  close(): void;
}

export interface Tslab {
  version: string;
  jupyter: {
    ZmqServer: { prototype: Server };
    JupyterHandlerImpl: { prototype: Handler };
    lastWriteDisplayData: ((message: object, update: boolean) => void) | null;
  };
  executor: {
    createExecutor(folder: string, converters: object, console: ExecutorConsole): Executor;
  };
  /** tslab's own TypeScript. */
  typescript: typeof import("@tslab/typescript-for-tslab");
}

/** Loads the tslab that `program` (its `bin/tslab`) will run in `folder`: the nearest installed one, else its own. */
export function loadTslab(program: string, folder: string): Tslab {
  const own = createRequire(realpathSync(program)).resolve("../dist/main.js");
  const load = createRequire(nearest(folder) ?? own);
  return {
    version: (load("../package.json") as { version: string }).version,
    jupyter: load("./jupyter.js") as Tslab["jupyter"],
    executor: load("./executor.js") as Tslab["executor"],
    typescript: load("@tslab/typescript-for-tslab") as Tslab["typescript"],
  };
}

function nearest(folder: string): string | null {
  try {
    return createRequire(join(folder, "_")).resolve("tslab/dist/main.js");
  } catch {
    return null;
  }
}

/** Why the mends do not fit this tslab, `null` when they do. */
export function misfit({ version, jupyter, executor }: Tslab): string | null {
  if (!version.startsWith("1.0.")) return `it is version ${version}, not 1.0`;
  const server = jupyter.ZmqServer?.prototype;
  const handler = jupyter.JupyterHandlerImpl?.prototype;
  const parts: Record<string, unknown> = {
    "ZmqServer.init": server?.init,
    "ZmqServer.handleShellMessage": server?.handleShellMessage,
    "ZmqServer.close": server?.close,
    "JupyterHandlerImpl.handleComplete": handler?.handleComplete,
    "JupyterHandlerImpl.handleInspect": handler?.handleInspect,
    "JupyterHandlerImpl.handleIsComplete": handler?.handleIsComplete,
    "JupyterHandlerImpl.handleKernel": handler?.handleKernel,
    createExecutor: executor.createExecutor,
  };
  const missing = Object.keys(parts).filter((name) => typeof parts[name] !== "function");
  return missing.length === 0 ? null : `it has no ${missing.join(", ")}`;
}
