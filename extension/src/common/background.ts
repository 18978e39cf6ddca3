import type { KernelSpec, Session } from "@jupyterlab/services";
import { Signal, type ISignal } from "@lumino/signaling";
import type { CommKernel, KernelSource } from "./kernel-source.js";
import { __ } from "./words.js";

/** The name of figloom's kernelspec. */
export const KERNEL = "figloom";

/** How long a kernel without users stays: a panel may be opened again, and a page reloaded. */
const GRACE_MS = 60_000;

/**
 * A kernel for panels and documents, which belong to no notebook: one for each page, in the server's root folder. The first
 * question starts it; a reloaded page finds it again by the path of its session. It ends some time after its last user.
 */
export class BackgroundKernel implements KernelSource {
  readonly #sessions: Session.IManager;
  readonly #specs: KernelSpec.IManager;
  readonly #path: string;
  readonly #changed = new Signal<this, void>(this);
  #session: Session.ISessionConnection | null = null;
  #looking: Promise<void> | null = null;
  #absence: string | null = null;
  #users = 0;
  #grace: ReturnType<typeof setTimeout> | undefined;

  /** @param page a name that no other page has */
  constructor(sessions: Session.IManager, specs: KernelSpec.IManager, page: string) {
    this.#sessions = sessions;
    this.#specs = specs;
    this.#path = `figloom-views-${page}`;
    void this.#look({ start: false });
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get kernel(): CommKernel | null {
    return this.#session?.kernel ?? null;
  }

  get absence(): string | null {
    return this.#absence;
  }

  want(): void {
    if (!this.#session) void this.#look({ start: true });
  }

  /** Counts a user of the kernel for as long as the signal lets. */
  use(signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#users++;
    clearTimeout(this.#grace);
    const leave = () => {
      this.#users--;
      this.#endLater();
    };
    signal.addEventListener("abort", leave, { once: true });
  }

  #endLater(): void {
    clearTimeout(this.#grace);
    if (this.#users > 0) return;
    this.#grace = setTimeout(() => {
      if (this.#users === 0) void this.#session?.shutdown().catch(() => undefined);
    }, GRACE_MS);
  }

  /** Looks for the session of this page, and starts one if asked to; one look at a time. */
  async #look({ start }: { start: boolean }): Promise<void> {
    await this.#looking;
    if (this.#session) return;
    this.#looking ??= this.#connect(start).finally(() => (this.#looking = null));
    await this.#looking;
  }

  async #connect(start: boolean): Promise<void> {
    this.#say(null);
    try {
      await this.#sessions.ready;
      const model = await this.#sessions.findByPath(this.#path);
      if (model) this.#take(this.#sessions.connectTo({ model }));
      else if (start) await this.#start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#say(__("The kernel of figloom’s panels did not start: %1", reason));
    }
  }

  async #start(): Promise<void> {
    await this.#specs.ready;
    if (!this.#specs.specs?.kernelspecs[KERNEL]) return this.#say(noKernelspec());
    const about = { path: this.#path, name: __("figloom’s panels"), type: "figloom" };
    this.#take(await this.#sessions.startNew({ ...about, kernel: { name: KERNEL } }));
  }

  #take(session: Session.ISessionConnection): void {
    this.#session = session;
    session.disposed.connect(() => {
      if (session !== this.#session) return;
      this.#session = null;
      this.#say(__("The kernel of figloom’s panels has ended. It starts again with the next question."));
    });
    session.kernelChanged.connect(() => this.#changed.emit());
    this.#changed.emit();
    this.#endLater();
  }

  #say(absence: string | null): void {
    this.#absence = absence;
    this.#changed.emit();
  }
}

const noKernelspec = (): string =>
  __(
    "Jupyter does not know figloom’s kernel. Install it with “npx figloom kernel install --user”, and reload this page.",
  );
