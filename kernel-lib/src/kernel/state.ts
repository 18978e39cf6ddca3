import { AsyncLocalStorage } from "node:async_hooks";
import type { SelectionPart } from "../views/query.js";
import type { Comm, OpenHandler } from "./comms.js";

/** A cell that runs or has run, as the library sees it: where its output goes and how it is told to stop. */
export interface RunningCell {
  /** Aborted when the user interrupts the cell. */
  readonly signal: AbortSignal;
  /** Notes that work of this cell listens to `signal`, so that an interrupt reaches it after the cell ended. */
  listen(): void;
  /** Writes console text under the cell. */
  write(stream: "stdout" | "stderr", text: string): void;
  /** Sends a message that belongs to the cell, after the console text written so far. */
  publish(type: string, content: object): void;
}

/** One comm target: who answers it, and the cell that registered it, which owns the handlers' output. */
export interface CommTarget {
  open: OpenHandler;
  cell: RunningCell | undefined;
}

/** What is selected in the views of a dataset, and who listens to it. */
export interface SharedSelection {
  parts: readonly SelectionPart[];
  readonly listeners: Set<(parts: readonly SelectionPart[]) => void>;
}

/** What the preload and the library share. */
export interface KernelState {
  /** Version of the tslab that the preload mended, `null` on stock tslab and outside a notebook. */
  mended: string | null;
  /** The cell that started the current piece of asynchronous work. */
  readonly cells: AsyncLocalStorage<RunningCell>;
  /** Owner of output that no cell can be found for. */
  newest: RunningCell | undefined;
  /** Values that stand under their cell already. */
  readonly shown: WeakSet<object>;
  readonly targets: Map<string, CommTarget>;
  readonly comms: Map<string, Comm>;
  /** What is selected in each dataset, by its absolute folder. */
  readonly selections: Map<string, SharedSelection>;
  /** The datasets that are in memory, each a `DatasetService`, by their absolute folders. */
  readonly services: Map<string, object>;
}

const KEY = Symbol.for("figloom.kernel");

/** One state per process: the bundles each have their own copy of this module, so module variables would be two. */
export const kernelState: KernelState = ((globalThis as { [KEY]?: KernelState })[KEY] ??= {
  mended: null,
  cells: new AsyncLocalStorage<RunningCell>(),
  newest: undefined,
  shown: new WeakSet(),
  targets: new Map(),
  comms: new Map(),
  selections: new Map(),
  services: new Map(),
});

/** The cell that the calling code belongs to. */
export function currentCell(): RunningCell | undefined {
  return kernelState.cells.getStore() ?? kernelState.newest;
}
