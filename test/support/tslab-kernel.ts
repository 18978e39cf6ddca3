/** Starts a tslab kernel without Jupyter or Python and speaks Jupyter's wire protocol with it over zeromq. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dealer, Subscriber } from "zeromq";
import { newHeader, readMessage, writeMessage, type Message } from "../../kernel-lib/src/kernel/wire.js";

const require = createRequire(import.meta.url);
const zmq = require("zeromq") as typeof import("zeromq");
export const TSLAB = require.resolve("tslab/bin/tslab");

export interface KernelOptions {
  /** Folder of the cells' imports. */
  cwd: string;
  /** File for `node --require`; stock tslab without it. */
  preload?: string;
  /** Arguments of Node's, up to `--config-path`. @default tslab, preloaded */
  program?: string[];
  env?: NodeJS.ProcessEnv;
}

/** What one request brought: its reply, and the messages published for it up to its `idle`. */
export interface Answer {
  reply: Record<string, unknown>;
  messages: { type: string; content: Record<string, unknown> }[];
}

export interface Comm {
  /** The next message from the kernel. */
  next(): Promise<{ type: "comm_msg" | "comm_close"; data: unknown }>;
  send(data: unknown): Promise<Answer["messages"]>;
  close(data?: unknown): Promise<Answer["messages"]>;
}

export interface Kernel {
  pid: number;
  /** Everything published since the start, in order, with the id of the request it belongs to. */
  published: { type: string; parent: string | undefined; content: Record<string, unknown> }[];
  request(type: string, content?: object, id?: string): Promise<Answer>;
  execute(code: string, options?: ExecuteOptions): Promise<Answer>;
  complete(code: string, cursor_pos?: number): Promise<string[]>;
  /** The tooltip's text at a position, `null` when there is none. */
  inspect(code: string, cursor_pos?: number): Promise<string | null>;
  interrupt(): void;
  openComm(target: string, data?: unknown): Promise<Comm>;
  /** Runs the code cells of a notebook up to the first that fails. */
  runNotebook(file: string): Promise<Answer[]>;
  /** What the process wrote to its own stderr, outside of any cell. */
  terminal(): string;
  stop(): Promise<void>;
}

export interface ExecuteOptions {
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
  /** The message's id, to look for it in `published`. */
  id?: string;
}

/** Starts a kernel and waits until it answers. */
export async function startKernel({ cwd, preload, program, env }: KernelOptions): Promise<Kernel> {
  const { file, connection } = await connectionFile();
  const flags = preload ? ["--require", preload] : [];
  const command = program ?? [...flags, TSLAB, "kernel"];
  const child = spawn(process.execPath, [...command, "--config-path", file], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kernel = new KernelClient(child, connection);
  await kernel.ready();
  rmSync(join(file, ".."), { recursive: true });
  return kernel;
}

interface Connection {
  shell_port: number;
  iopub_port: number;
  key: string;
}

/** Writes a connection file with free ports. */
export async function connectionFile(): Promise<{ file: string; connection: Connection }> {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports as [
    number,
    number,
    number,
    number,
    number,
  ];
  const connection = { shell_port, iopub_port, stdin_port, control_port, hb_port, key: randomUUID() };
  const file = join(mkdtempSync(join(tmpdir(), "figloom-kernel-")), "connection.json");
  const rest = { ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256", kernel_name: "figloom" };
  writeFileSync(file, JSON.stringify({ ...connection, ...rest }));
  return { file, connection };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

class KernelClient implements Kernel {
  readonly published: Kernel["published"] = [];
  readonly #shell: Dealer = new zmq.Dealer();
  readonly #iopub: Subscriber = new zmq.Subscriber();
  readonly #session = randomUUID();
  readonly #waiting = new Map<string, (message: Message) => void>();
  readonly #comms = new Map<string, (type: string, data: unknown) => void>();
  readonly #child: ChildProcess;
  readonly #key: string;
  #stderr = "";

  constructor(child: ChildProcess, { shell_port, iopub_port, key }: Connection) {
    this.#child = child;
    this.#key = key;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#shell.connect(`tcp://127.0.0.1:${shell_port}`);
    this.#iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
    this.#iopub.subscribe();
    void this.#read(this.#shell);
    void this.#read(this.#iopub);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** A subscriber joins late: ask until a status arrives on it. */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`the kernel did not start:\n${this.#stderr}`);
      const answered = this.request("kernel_info_request").then(() => true);
      if (await Promise.race([answered, sleep(200).then(() => false)])) return;
    }
  }

  async request(type: string, content: object = {}, id?: string): Promise<Answer> {
    const header = { ...newHeader(type, this.#session, "test"), ...(id ? { msg_id: id } : {}) };
    const messages: Answer["messages"] = [];
    const expectsReply = type.endsWith("_request");
    let reply: Record<string, unknown> | null = expectsReply ? null : {};
    let idle = false;
    const done = new Promise<Answer>((resolve) => {
      this.#waiting.set(header.msg_id, (message) => {
        const { msg_type } = message.header;
        if (expectsReply && msg_type.endsWith("_reply")) reply = message.content;
        else if (msg_type === "status") idle ||= message.content["execution_state"] === "idle";
        else messages.push({ type: msg_type, content: message.content });
        if (reply && idle) resolve({ reply, messages });
      });
    });
    await this.#shell.send(writeMessage({ header, content }, this.#key) as Buffer[]);
    return done;
  }

  execute(code: string, { id, ...options }: ExecuteOptions = {}): Promise<Answer> {
    const defaults = { silent: false, store_history: true, stop_on_error: true };
    return this.request("execute_request", { code, ...defaults, ...options }, id);
  }

  async complete(code: string, cursor_pos = Array.from(code).length): Promise<string[]> {
    return (await this.request("complete_request", { code, cursor_pos })).reply["matches"] as string[];
  }

  async inspect(code: string, cursor_pos = Array.from(code).length): Promise<string | null> {
    const { reply } = await this.request("inspect_request", { code, cursor_pos, detail_level: 0 });
    return reply["found"] ? (reply["data"] as Record<string, string>)["text/plain"]! : null;
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  async openComm(target: string, data: unknown = {}): Promise<Comm> {
    const comm_id = randomUUID();
    const arrived: { type: "comm_msg" | "comm_close"; data: unknown }[] = [];
    const wanted: ((message: (typeof arrived)[number]) => void)[] = [];
    this.#comms.set(comm_id, (type, content) => {
      const message = { type: type as "comm_msg" | "comm_close", data: content };
      const take = wanted.shift();
      if (take) take(message);
      else arrived.push(message);
    });
    await this.request("comm_open", { comm_id, target_name: target, data });
    return {
      next: () => {
        const message = arrived.shift();
        return message ? Promise.resolve(message) : new Promise((resolve) => wanted.push(resolve));
      },
      send: async (message) => (await this.request("comm_msg", { comm_id, data: message })).messages,
      close: async (message = {}) => (await this.request("comm_close", { comm_id, data: message })).messages,
    };
  }

  async runNotebook(file: string): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const code of codeCells(file)) {
      const answer = await this.execute(code);
      answers.push(answer);
      if (answer.reply["status"] !== "ok") break;
    }
    return answers;
  }

  terminal(): string {
    return this.#stderr;
  }

  async stop(): Promise<void> {
    this.#shell.close();
    this.#iopub.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }

  async #read(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = readMessage(frames, this.#key);
      const { header, parent, content } = message;
      if (socket === this.#iopub)
        this.published.push({ type: header.msg_type, parent: parent.msg_id, content });
      if (header.msg_type === "comm_msg" || header.msg_type === "comm_close")
        this.#comms.get(String(content["comm_id"]))?.(header.msg_type, content["data"]);
      this.#waiting.get(parent.msg_id ?? "")?.(message);
    }
  }
}

/** Console text among messages, joined. */
export function streamText(messages: Answer["messages"], name: "stdout" | "stderr" = "stdout"): string {
  return messages
    .filter(({ type, content }) => type === "stream" && content["name"] === name)
    .map(({ content }) => String(content["text"]))
    .join("");
}

/** The sources of a notebook's code cells. */
export function codeCells(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.filter((cell) => cell.cell_type === "code").map(({ source }) => [source].flat().join(""));
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
