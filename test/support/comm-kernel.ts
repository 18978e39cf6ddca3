/**
 * A kernel connection without a kernel process: comm messages travel as JSON to figloom's own answers to them, and it can
 * break in the ways that connections do.
 */
import type { Kernel } from "@jupyterlab/services";
import { Signal } from "@lumino/signaling";
import type { CommKernel } from "../../extension/src/common/kernel-source.js";
import { commAnswers } from "../../kernel-lib/src/kernel/mends/comms.js";
import type { Request } from "../../kernel-lib/src/kernel/mends/protocol.js";

const travel = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

class FakeComm {
  onMsg: (message: object) => void = () => undefined;
  onClose: (message: object) => void = () => undefined;
  isDisposed = false;

  constructor(
    readonly commId: string,
    private readonly target: string,
    private readonly kernel: CommKernelDouble,
  ) {}

  open(data: object): void {
    this.kernel.tell("comm_open", { comm_id: this.commId, target_name: this.target, data });
  }
  send(data: object): void {
    if (this.isDisposed) throw new Error("Cannot send");
    this.kernel.tell("comm_msg", { comm_id: this.commId, data });
  }
  close(): void {
    if (this.isDisposed) throw new Error("Cannot close");
    this.kernel.tell("comm_close", { comm_id: this.commId, data: {} });
    this.isDisposed = true;
    this.onClose({});
  }
}

let comms = 0;

export class CommKernelDouble {
  status: Kernel.Status = "idle";
  connectionStatus: Kernel.ConnectionStatus = "connected";
  isDisposed = false;
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  /** Every message to the kernel. */
  readonly told: { type: keyof typeof commAnswers; content: Record<string, unknown> }[] = [];
  #comms = new Map<string, FakeComm>();

  /** @param hears whether anybody answers comm messages at all: stock tslab does not */
  constructor(public hears = true) {}

  /** As the extension sees it. */
  get connection(): CommKernel {
    return this as unknown as CommKernel;
  }

  createComm(target: string): FakeComm {
    const comm = new FakeComm(`comm-${++comms}`, target, this);
    this.#comms.set(comm.commId, comm);
    return comm;
  }

  tell(type: keyof typeof commAnswers, content: Record<string, unknown>): void {
    this.told.push(travel({ type, content }));
    if (!this.hears) return;
    const publish = (kind: string, said: object) => {
      const { comm_id: id, data } = travel(said) as { comm_id: string; data: object };
      queueMicrotask(() => this.#receive(kind, id, data));
    };
    commAnswers[type]({ message: { content: travel(content) }, publish } as unknown as Request);
  }

  #receive(kind: string, id: string, data: object): void {
    const comm = this.#comms.get(id);
    if (!comm || comm.isDisposed) return;
    if (kind === "comm_msg") comm.onMsg({ content: { comm_id: id, data } });
    if (kind !== "comm_close") return;
    comm.onClose({ content: { comm_id: id, data } });
    comm.isDisposed = true;
  }

  become(status: Kernel.Status): void {
    this.status = status;
    this.statusChanged.emit(status);
  }

  connectionBecomes(status: Kernel.ConnectionStatus): void {
    this.connectionStatus = status;
    if (status !== "connected") this.become("unknown");
    this.connectionStatusChanged.emit(status);
  }

  /** What a restart is to a connection: all comms are gone, without a word. */
  restart(): void {
    this.become("restarting");
    for (const comm of this.#comms.values()) comm.isDisposed = true;
    this.#comms.clear();
    this.connectionBecomes("connecting");
    this.connectionBecomes("connected");
    this.become("idle");
  }

  die(): void {
    this.become("dead");
    this.isDisposed = true;
  }
}
