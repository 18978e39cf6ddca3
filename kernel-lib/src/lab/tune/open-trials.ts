import type { MatrixReply, MatrixView } from "../../views/matrix.js";
import { rowOf } from "./cards.js";
import type { KeepOptions, Kept } from "./keep.js";
import type { Place, TrialTable } from "./table.js";
import { Trial, trialView } from "./trial.js";
import type { TrialAbout } from "./trial-about.js";

/** A trial that pages may ask this kernel about, while it runs and afterwards. */
export interface OpenTrial {
  readonly id: string;
  /** The dataset's folder, absolute. */
  readonly folder: string;
  /** As it is now, with all its figures. */
  view(): MatrixView;
  reply(place: Place): MatrixReply;
  /** Writes a column's prompt as a file, see `Trial.keep`. */
  keep(column: string, options?: KeepOptions): Promise<Kept>;
  /** Listens for changes of single replies, and for the end, which has no place. @returns ends it */
  onChange(listener: (place: Place | null) => void): () => void;
  /** Notes that a page hears of every change. @returns ends it */
  follow(): () => void;
  readonly isFollowed: () => boolean;
  /** No further replies will come. */
  end(): void;
}

/** Trials that a kernel remembers: all of a trial's captions and thumbnails are in memory. */
const MOST_TRIALS = 20;

const KEY = Symbol.for("figloom.trials");
/** One list per process: the notebook's figloom and the kernel's service are bundles with modules of their own. */
const trials: Map<string, OpenTrial> = ((globalThis as { [KEY]?: Map<string, OpenTrial> })[KEY] ??=
  new Map());

/** The trial with this id; `undefined` for one of another kernel, or of long ago. */
export const trialOf = (id: string): OpenTrial | undefined => trials.get(id);

/** Opens a trial to pages. */
export function openTrial(table: TrialTable, about: TrialAbout): OpenTrial {
  const listeners = new Set<(place: Place | null) => void>();
  const followers = new Set<symbol>();
  let running = true;
  const tell = (place: Place | null) => listeners.forEach((listener) => listener(place));
  const silence = table.onReply(tell);
  const open: OpenTrial = {
    ...{ id: about.id, folder: about.folder },
    view: () => trialView(table, about, { running }),
    reply: ({ figure, arm, repeat }) => rowOf(table, figure, running).replies[arm]![repeat]!,
    keep: (column, options) => new Trial(table, about).keep(column, options),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow() {
      const follower = Symbol("follower");
      followers.add(follower);
      return () => followers.delete(follower);
    },
    isFollowed: () => followers.size > 0,
    end() {
      running = false;
      silence();
      tell(null);
    },
  };
  trials.set(open.id, open);
  for (const id of [...trials.keys()].slice(0, -MOST_TRIALS)) trials.delete(id);
  return open;
}
