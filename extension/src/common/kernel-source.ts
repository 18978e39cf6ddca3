import type { ISessionContext } from "@jupyterlab/apputils";
import type { Kernel } from "@jupyterlab/services";
import { Signal, type ISignal } from "@lumino/signaling";
import { __ } from "./words.js";

/** What a line needs of a kernel connection. */
export type CommKernel = Pick<
  Kernel.IKernelConnection,
  "status" | "connectionStatus" | "isDisposed" | "statusChanged" | "connectionStatusChanged"
> & { createComm(target: string): Kernel.IComm };

/** Where a kernel comes from: it may come, go and change. */
export interface KernelSource {
  /** The kernel there is now. */
  readonly kernel: CommKernel | null;
  /** Why there is no kernel, for people; `null` while one may still come. */
  readonly absence: string | null;
  /** Emitted when one of the above may have changed. */
  readonly changed: ISignal<unknown, unknown>;
  /** Somebody has a question: a source that can start a kernel does. */
  want(): void;
}

/** The kernel of a notebook, console or other session, which its user starts, changes and shuts down. */
export class SessionSource implements KernelSource {
  readonly #session: ISessionContext;
  readonly #changed = new Signal<this, void>(this);
  #own: Kernel.IKernelConnection | null = null;
  #looked = false;

  constructor(session: ISessionContext) {
    this.#session = session;
    const changed = () => this.#changed.emit();
    session.kernelChanged.connect(changed);
    session.sessionChanged.connect(changed);
    session.disposed.connect(() => {
      this.#own?.dispose();
      changed();
    });
    const ready = () => {
      this.#looked = true;
      changed();
    };
    void session.ready.then(ready, ready);
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get kernel(): CommKernel | null {
    const kernel = this.#session.isDisposed ? null : (this.#session.session?.kernel ?? null);
    if (kernel?.handleComms !== false) return kernel;
    return this.#ownConnection(kernel);
  }

  get absence(): string | null {
    if (this.#session.isDisposed) return __("The notebook was closed.");
    if (!this.#looked) return null;
    return __("No kernel is running. Start one, and this view is alive again.");
  }

  want(): void {}

  /** Of several connections of a page to a kernel, such as of a notebook and its console, only the first has comms. */
  #ownConnection(kernel: Kernel.IKernelConnection): Kernel.IKernelConnection {
    if (this.#own?.id !== kernel.id || this.#own.isDisposed) {
      this.#own?.dispose();
      this.#own = kernel.clone({ handleComms: true });
    }
    return this.#own;
  }
}
