import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TextLine } from "../../model.js";
import type { Reply, Request } from "./messages.js";

/** The process said that it cannot read the picture; it goes on. */
export class Refusal extends Error {}

/** What a program needs to start; what else the environment holds, options of Node and secrets among it, is not for it. */
const PASSED_ON = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TMPDIR"];

/**
 * Tesseract in a process of its own: it computes without a break, and its memory is what a picture makes of it. It is
 * ended when a picture takes too long or is given up, and ends with its parent.
 */
export class TesseractProcess {
  readonly #child: ChildProcess;

  /** @param program the bundle of `program.ts`. @default the one beside the bundle that this code is in */
  constructor(program = besideThis()) {
    this.#child = spawn(process.execPath, ["--max-old-space-size=512", program], {
      // In a group of its own: an interrupt from the keyboard is for us to hear.
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
      env: Object.fromEntries(
        PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
      ),
    });
    this.#child.on("error", () => undefined);
  }

  /**
   * One picture at a time.
   * @throws {Refusal} for a picture that cannot be read; the reason of the signal when aborted, and an error when the
   *   process ended: then it is of no more use
   */
  read(request: Request, signal: AbortSignal): Promise<TextLine[]> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        child.off("message", onMessage).off("exit", onExit).off("error", onError);
        signal.removeEventListener("abort", onAbort);
        done();
      };
      const onMessage = (reply: Reply) =>
        settle(() => ("error" in reply ? reject(new Refusal(reply.error)) : resolve(reply.lines)));
      const onExit = (code: number | null, ended: string | null) =>
        settle(() => reject(new Error(`its process ended (${ended ?? `exit code ${code}`})`)));
      const onError = (error: Error) => settle(() => reject(error));
      const onAbort = () => settle(() => reject(signal.reason as Error));
      if (signal.aborted) return reject(signal.reason as Error);
      if (child.exitCode !== null || child.signalCode !== null)
        return onExit(child.exitCode, child.signalCode);
      child.on("message", onMessage).on("exit", onExit).on("error", onError);
      signal.addEventListener("abort", onAbort);
      child.send(request, (error) => error && onError(error));
    });
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}

function besideThis(): string {
  const file = join(__dirname, "ocr.cjs");
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: build the package (npm run build)`);
}
