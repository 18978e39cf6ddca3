import { randomUUID } from "node:crypto";
import { ConfigurationError } from "../../errors.js";
import { identify } from "../../processes/index.js";
import { deltaOf, grouped, saidOf, TAGS_A_FIGURE, type ReviewInput } from "./change.js";
import { History, type Action } from "./history.js";
import { FIGURES_A_LINE, type ReviewLine } from "./line.js";
import { ReviewLog } from "./log.js";
import { inverseOf, ReviewState, type Delta, type Review } from "./state.js";

/** What came of an action. */
export interface ReviewOutcome {
  /** For people: `accepted 12 figures`. */
  done: string;
  /** Ids of the figures that changed. */
  figure_ids: string[];
}

/** What a person says about figures: verdicts and tags of a dataset, and what undo and redo take back. */
export class Reviews {
  readonly #log: ReviewLog;
  readonly #history: string;
  #state = new ReviewState();
  #actions: History;
  /** One thing at a time: each sees what the one before it has written. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, history: string) {
    this.#log = new ReviewLog(folder);
    this.#history = history;
    this.#actions = new History(history);
  }

  /**
   * Reads what there is; some 10 s and 600 MB for a million figures.
   * @param folder the dataset's
   * @param options `history` names what undo takes back. @default what this process did
   */
  static async open(
    folder: string,
    { history = thisProcess() }: { history?: string } = {},
  ): Promise<Reviews> {
    const reviews = new Reviews(folder, history);
    await reviews.refresh();
    return reviews;
  }

  get(figure_id: string): Review {
    return this.#state.get(figure_id);
  }

  /** What undo and redo would do, for people; `null` where there is nothing. */
  get history(): { undo: string | null; redo: string | null } {
    const { undo, redo } = this.#actions;
    return { undo: undo?.said ?? null, redo: redo?.said ?? null };
  }

  /** All tags there are, most frequent first. */
  tags(): { tag: string; count: number }[] {
    return this.#state.tags();
  }

  /** Reads what others wrote. Cheap where there is nothing new. @returns ids of the figures that changed */
  refresh(): Promise<string[]> {
    return this.#next(() => this.#catchUp());
  }

  /**
   * Says something about figures; on the disk when it resolves.
   * @param figure_ids that the dataset has them is for the caller to know
   * @throws {ConfigurationError} for a tag or verdict that is none, too many tags, and a disk that cannot be written to
   */
  review(figure_ids: Iterable<string>, input: ReviewInput): Promise<ReviewOutcome> {
    return this.#next(async () => {
      const wanted = deltaOf(input);
      await this.#catchUp();
      const deltas = new Map<string, Delta>();
      for (const figure_id of figure_ids) {
        const effect = this.#state.effect(figure_id, wanted);
        if (!effect) continue;
        this.#checkRoom(figure_id, effect);
        deltas.set(figure_id, effect);
      }
      if (deltas.size === 0) return { done: "nothing to change", figure_ids: [] };
      const said = saidOf(wanted, deltas.size);
      await this.#write(deltas, { said, reverts: null });
      return { done: said, figure_ids: [...deltas.keys()] };
    });
  }

  /** Takes the latest action of the history back, but not what somebody else has changed since. `null` without one. */
  undo(): Promise<ReviewOutcome | null> {
    return this.#revert("undo", "undid");
  }

  /** Does again what {@link undo} took back; `null` where it took back nothing. */
  redo(): Promise<ReviewOutcome | null> {
    return this.#revert("redo", "did again");
  }

  #revert(which: "undo" | "redo", verb: string): Promise<ReviewOutcome | null> {
    return this.#next(async () => {
      await this.#catchUp();
      const action = this.#actions[which];
      if (!action) return null;
      const { deltas, kept } = this.#restoring(action);
      await this.#write(deltas, { said: action.said, reverts: action.id });
      const rest = kept === 0 ? "" : `; ${kept.toLocaleString("en")} judged anew since and left so`;
      return { done: `${verb}: ${action.said}${rest}`, figure_ids: [...deltas.keys()] };
    });
  }

  #restoring({ edits }: Action): { deltas: Map<string, Delta>; kept: number } {
    const deltas = new Map<string, Delta>();
    let kept = 0;
    for (const { figure_ids, ...delta } of edits) {
      const { verdict, before, ...tags } = inverseOf(delta);
      for (const figure_id of figure_ids) {
        const now = this.#state.get(figure_id).verdict ?? "none";
        const free = verdict !== undefined && now === before;
        if (verdict !== undefined && !free && now !== verdict) kept++;
        const effect = this.#state.effect(figure_id, free ? { verdict, ...tags } : tags);
        if (effect) deltas.set(figure_id, effect);
      }
    }
    return { deltas, kept };
  }

  async #write(
    deltas: Map<string, Delta>,
    { said, reverts }: Pick<ReviewLine, "said" | "reverts">,
  ): Promise<void> {
    const all = [...deltas];
    const action = randomUUID();
    const lines = [];
    // One without an edit is written, too: what it reverts is over.
    for (let from = 0; from === 0 || from < all.length; from += FIGURES_A_LINE) {
      const part = all.slice(from, from + FIGURES_A_LINE);
      lines.push({
        action,
        history: this.#history,
        said,
        reverts,
        edits: grouped(part),
      });
    }
    await this.#log.append(lines);
    await this.#catchUp();
  }

  async #catchUp(): Promise<string[]> {
    const { anew, lines } = await this.#log.news();
    const changed = new Set<string>();
    if (anew) {
      for (const figure_id of this.#state.figures()) changed.add(figure_id);
      this.#state = new ReviewState();
      this.#actions = new History(this.#history);
    }
    for (const line of lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) {
      for (const figure_id of this.#state.apply(line)) changed.add(figure_id);
      this.#actions.apply(line);
    }
    return [...changed];
  }

  #checkRoom(figure_id: string, { add = [], remove = [] }: Delta): void {
    const tags = this.#state.get(figure_id).tags.length + add.length - remove.length;
    if (tags > TAGS_A_FIGURE)
      throw new ConfigurationError(
        `${figure_id} would have ${tags} tags; a figure has at most ${TAGS_A_FIGURE}. Remove some first.`,
      );
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** The same for every copy of this module in a process. */
function thisProcess(): string {
  const self = identify(process.pid);
  return self ? `${self.host} ${self.pid} ${self.started}` : randomUUID();
}
