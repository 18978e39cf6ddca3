/** Imitation servers as processes of their own that come back whenever they die, as a cluster's do. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface SupervisedOptions {
  /** The bundled program, see `programs.ts`. */
  program: string;
  /** For `figloom mock-server`, without `--port`. */
  args: string[];
  env?: NodeJS.ProcessEnv;
}

export class SupervisedServer {
  readonly #options: SupervisedOptions;
  #child!: ChildProcess;
  #stopping = false;
  /** Resolves when the latest process listens. */
  #listening!: Promise<void>;
  /** Base URL, the same in all its lives. */
  url = "";
  /** Processes so far. */
  lives = 0;
  /** What it wrote to stderr, and to stdout after its address. */
  said = "";

  /** Resolves when it listens. */
  static async start(options: SupervisedOptions): Promise<SupervisedServer> {
    const server = new SupervisedServer(options);
    server.#spawn();
    await server.#listening;
    return server;
  }

  private constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Ends the process at once, with all it has; another takes its place. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#listening.catch(() => undefined);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** What it was asked in this life. */
  async report(): Promise<MockReport> {
    return (await (await fetch(`${this.url}/mock/report`)).json()) as MockReport;
  }

  /** Changes what goes wrong, for this life. */
  async setFaults(faults: object): Promise<void> {
    const response = await fetch(`${this.url}/mock/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  #spawn(): void {
    const { program, args, env } = this.#options;
    const port = this.url === "" ? "0" : new URL(this.url).port;
    this.lives++;
    const child = spawn(process.execPath, [program, "mock-server", "--json", "--port", port, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    this.#listening = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const { endpoints } = JSON.parse(line) as { endpoints?: string[] };
        if (!endpoints) return void (this.said += line);
        this.url = endpoints[0]!;
        resolve();
      });
      child.once("exit", (code, signal) => {
        // One that never listened would come back for ever.
        if (this.url === "") reject(new Error(`The server ended with ${code ?? signal}: ${this.said}`));
        else if (!this.#stopping) this.#spawn();
      });
    });
    this.#listening.catch(() => undefined);
  }
}

/** The parts of a server's report that tests look at. */
export interface MockReport {
  requests: number;
  by_status: Record<string, number>;
  faults: Record<string, number>;
  wrong_pictures_total: number;
}
