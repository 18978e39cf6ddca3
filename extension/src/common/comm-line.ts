import type { Kernel } from "@jupyterlab/services";
import type { JSONObject } from "@lumino/coreutils";
import { LinkError, type LinkState, type Question, type Reply } from "figloom/views";
import type { CommKernel, KernelSource } from "./kernel-source.js";
import { __ } from "./words.js";

/** How long a kernel that is not busy may leave a new comm unanswered, and how often before it counts as gone. */
const PATIENCE_MS = 4000;
const ATTEMPTS = 3;
/** How often one that is gone in this way is tried, beside at each change of its status: it may only start slowly. */
const SILENCE_MS = 30_000;
/** States of a kernel that loses what is sent to it. */
const AWAY = new Set<Kernel.Status>(["starting", "restarting", "autorestarting", "terminating", "dead"]);

interface Asked {
  question: Question;
  sent: boolean;
  resolve(answer: unknown): void;
  reject(error: LinkError): void;
}

/**
 * One comm to a service of a kernel, opened again whenever the kernel or the way to it comes back. What was asked and not
 * answered when the line broke is rejected: whether it was done is not known. What was not asked yet waits.
 */
export class CommLine {
  readonly #source: KernelSource;
  readonly #target: string;
  readonly #about: JSONObject;
  readonly #asked = new Map<number, Asked>();
  readonly #states = new Set<(state: LinkState) => void>();
  readonly #events = new Map<string, Set<(about: unknown) => void>>();
  #kernel: CommKernel | null = null;
  #comm: Kernel.IComm | null = null;
  #state: LinkState = "connecting";
  #reason = "";
  #attempts = 0;
  /** The kernel answers no such comm: asked again when it was restarted. */
  #refused = false;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(source: KernelSource, target: string, about: JSONObject) {
    this.#source = source;
    this.#target = target;
    this.#about = about;
    source.changed.connect(this.#takeKernel, this);
    this.#takeKernel();
  }

  get state(): LinkState {
    return this.#state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  on(event: string, listener: (about: unknown) => void): () => void {
    const listeners = this.#events.get(event) ?? new Set();
    this.#events.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** @throws {LinkError} see `Link.ask` */
  ask(method: string, argument: unknown, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const withdrawn = () => new LinkError(__("The question was withdrawn."), "gone");
      if (signal.aborted) return reject(withdrawn());
      this.#source.want();
      if (this.#state === "gone") return reject(new LinkError(this.#reason, "gone"));
      const id = ++this.#lastId;
      const withdraw = () => {
        if (this.#asked.get(id)?.sent) this.#send({ cancel: id });
        this.#asked.delete(id);
        reject(withdrawn());
      };
      const end = () => signal.removeEventListener("abort", withdraw);
      signal.addEventListener("abort", withdraw, { once: true });
      this.#asked.set(id, {
        question: { id, ask: method, argument },
        sent: false,
        resolve: (answer) => (end(), resolve(answer)),
        reject: (error) => (end(), reject(error)),
      });
      if (this.#state === "live") this.#sendWaiting();
    });
  }

  /** Closes the comm; whoever still waits hears that the line is gone. */
  close(): void {
    this.#source.changed.disconnect(this.#takeKernel, this);
    this.#hangUp();
    this.#release();
    this.#become("gone", __("This view was closed."));
  }

  #takeKernel(): void {
    const { kernel, absence } = this.#source;
    if (kernel !== this.#kernel) {
      this.#hangUp();
      this.#release();
      this.#kernel = kernel;
      this.#attempts = 0;
      this.#refused = false;
      kernel?.statusChanged.connect(this.#look, this);
      kernel?.connectionStatusChanged.connect(this.#look, this);
    }
    if (kernel) this.#look();
    else if (absence === null) this.#become("connecting");
    else this.#become("gone", absence);
  }

  #release(): void {
    this.#kernel?.statusChanged.disconnect(this.#look, this);
    this.#kernel?.connectionStatusChanged.disconnect(this.#look, this);
    this.#kernel = null;
  }

  /** Opens the comm or gives it up, as the kernel is now. */
  #look(): void {
    const kernel = this.#kernel!;
    const { status, connectionStatus } = kernel;
    const dead = status === "dead" || kernel.isDisposed;
    if (!dead && connectionStatus === "connected" && !AWAY.has(status)) {
      if (!this.#comm && !this.#refused) this.#open(kernel);
      return;
    }
    this.#attempts = 0;
    this.#refused = false;
    this.#hangUp();
    if (dead) this.#become("gone", __("The kernel has ended. Start it again, and this view is alive again."));
    else if (connectionStatus === "disconnected")
      this.#become("gone", __("The connection to the kernel is lost. Reload the page to connect again."));
    else this.#become("connecting");
  }

  get #silent(): boolean {
    return this.#attempts >= ATTEMPTS;
  }

  #open(kernel: CommKernel): void {
    clearTimeout(this.#patience);
    if (!this.#silent) this.#become("connecting");
    const comm = kernel.createComm(this.#target);
    this.#comm = comm;
    this.#attempts++;
    let answers = false;
    comm.onMsg = ({ content }) => {
      if (comm !== this.#comm) return;
      answers = true;
      this.#hear(content.data as unknown as Reply);
    };
    comm.onClose = () => {
      if (comm !== this.#comm) return;
      this.#comm = null;
      this.#again({ refused: !answers });
    };
    comm.open(this.#about);
    this.#patience = setTimeout(() => this.#unanswered(), PATIENCE_MS);
  }

  /** The first messages of a starting kernel may get lost, and one that is busy answers later. */
  #unanswered(): void {
    if (this.#kernel?.status !== "busy") return this.#again({ refused: false });
    this.#patience = setTimeout(() => this.#unanswered(), PATIENCE_MS);
  }

  #again({ refused }: { refused: boolean }): void {
    this.#hangUp();
    this.#refused = refused;
    if (!refused && !this.#silent) return this.#look();
    this.#become("gone", noAnswer());
    if (!refused) this.#patience = setTimeout(() => this.#look(), SILENCE_MS);
  }

  #hear(reply: Reply): void {
    if ("open" in reply) {
      clearTimeout(this.#patience);
      this.#become("live");
      this.#sendWaiting();
    } else if ("event" in reply) {
      for (const listener of [...(this.#events.get(reply.event) ?? [])]) listener(reply.about);
    } else {
      this.#attempts = 0;
      const asked = this.#asked.get(reply.id);
      this.#asked.delete(reply.id);
      if ("error" in reply) asked?.reject(new LinkError(reply.error.message, reply.error.kind));
      else asked?.resolve(reply.answer);
    }
  }

  #sendWaiting(): void {
    for (const asked of this.#asked.values()) {
      if (asked.sent) continue;
      asked.sent = true;
      this.#send(asked.question);
    }
  }

  #send(question: Question): void {
    this.#comm?.send(question as unknown as JSONObject);
  }

  /** Gives up the comm and what was asked on it. */
  #hangUp(): void {
    clearTimeout(this.#patience);
    const comm = this.#comm;
    this.#comm = null;
    if (
      comm &&
      !comm.isDisposed &&
      this.#kernel &&
      !this.#kernel.isDisposed &&
      this.#kernel.status !== "dead"
    )
      comm.close();
    this.#reject(
      [...this.#asked].filter(([, { sent }]) => sent),
      __("The kernel went away before it answered."),
    );
  }

  #reject(asked: [number, Asked][], reason: string): void {
    for (const [id, { reject }] of asked) {
      this.#asked.delete(id);
      reject(new LinkError(reason, "gone"));
    }
  }

  #become(state: LinkState, reason = ""): void {
    this.#reason = reason;
    if (state === "gone") this.#reject([...this.#asked], reason);
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#states]) listener(state);
  }
}

const noAnswer = (): string =>
  __(
    "This kernel does not answer figloom’s views. Change to the kernel “figloom (TypeScript)”, or start it again.",
  );
