import {
  canGoOn,
  foldRuns,
  isEnded,
  readEvents,
  RUN_TARGET,
  type Link,
  type RunMethods,
  type RunServiceEvents,
  type RunState,
  type RunView,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";

export type RunLink = Link<RunMethods, RunServiceEvents>;

/** Where a state was learnt: of a kernel, now; of the run's file, by a page without a kernel; or of the output, of then. */
export type Origin = "kernel" | "file" | "output";

export interface Followed {
  /** `null` for a run of which nothing more comes. */
  readonly link: RunLink | null;
  /** Takes a later state from the output. */
  take(view: RunView): void;
}

/** Whether nothing more comes; one that may be resumed is followed on. */
const isOver = (state: RunState): boolean => isEnded(state) && !canGoOn(state);

/** How often a file is read again, or a kernel asked that could not tell, and how much of a file at most. */
const FILE_MS = 5000;
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Tells what becomes of a run, first what the output says: from the kernel, or while none answers from the run's file. A
 * run that has ended asks nobody.
 */
export function followRun(
  view: RunView,
  { signal, connect, fileUrl }: DrawContext,
  onState: (state: RunState, origin: Origin) => void,
): Followed {
  let { state, file } = view;
  const name = { dataset: state.dataset, run: state.run };
  if (isOver(state)) {
    onState(state, "output");
    return { link: null, take: (later) => onState(later.state, "output") };
  }
  const link: RunLink = connect(RUN_TARGET, name);
  let origin: Origin = "output";
  let timer: ReturnType<typeof setTimeout> | undefined;

  function learn(next: RunState, from: Origin): void {
    state = next;
    origin = from;
    onState(state, origin);
  }
  async function watch(): Promise<void> {
    clearTimeout(timer);
    try {
      const known = await link.ask("watch", name, signal);
      if (known) learn(known, "kernel");
      else await readFile();
    } catch {
      if (signal.aborted) return;
      if (link.state === "live") timer = setTimeout(() => void watch(), FILE_MS);
      else await readFile();
    }
  }
  async function readFile(): Promise<void> {
    clearTimeout(timer);
    const known = file === null || document.hidden ? null : await fetchState(file);
    if (signal.aborted || link.state === "live") return;
    if (known) learn(known, "file");
    else onState(state, origin === "kernel" ? "output" : origin);
    if (file !== null && !isOver(state)) timer = setTimeout(() => void readFile(), FILE_MS);
  }
  async function fetchState(path: string): Promise<RunState | null> {
    try {
      const url = await fileUrl(path);
      if (url === null) return null;
      const response = await fetch(url, { signal, cache: "no-store" });
      if (!response.ok || Number(response.headers.get("content-length")) > MOST_BYTES) return null;
      const known = foldRuns(readEvents(await response.text()));
      return known?.run === state.run ? known : null;
    } catch {
      return null;
    }
  }
  const look = () => {
    if (isOver(state)) return;
    // A question wakes a kernel that waits for one, and waits itself until the kernel answers.
    if (link.state === "gone") void readFile();
    else void watch();
  };

  onState(state, origin);
  const ends = [
    link.onState(look),
    link.on("run", ({ run, events }) => {
      if (run === state.run && origin === "kernel") learn(foldRuns(events, state)!, "kernel");
    }),
  ];
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    for (const end of ends) end();
  });
  look();
  return {
    link,
    take(later) {
      file = later.file;
      if (later.state.heard >= state.heard && !(isOver(state) && !isEnded(later.state)))
        learn(later.state, isEnded(later.state) ? "output" : origin);
    },
  };
}
