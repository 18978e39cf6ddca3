import type { MatrixView, TrialSetting } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawMatrix } from "../matrix/matrix.js";
import type { LabDesk, TriedPrompt } from "./desk.js";

/** What a trial is made of. */
interface Tried {
  setting: TrialSetting;
  prompts: TriedPrompt[];
}

/** The trial that a prompt lab has on display, from its start on. */
export class LabTrial {
  readonly node = el("div", { class: "figloom-lab-matrix" });
  readonly #say: (text: string) => void;
  readonly #changed: () => void;
  #id: string | null = null;
  #goesOn = false;
  #tried: Tried | null = null;
  /** Aborted to give up a start. */
  #starting: AbortController | null = null;
  #shown = new AbortController();

  /** @param changed told when it has begun or ended */
  constructor(say: (text: string) => void, changed: () => void) {
    this.#say = say;
    this.#changed = changed;
    this.node.append(
      el(
        "p",
        { class: "figloom-note figloom-lab-empty" },
        __(
          "Run tries the prompt: what a model says of each figure comes here, beside what it is compared with.",
        ),
      ),
    );
  }

  /** By which the kernel knows it; `null` before the first. */
  get id(): string | null {
    return this.#id;
  }

  get isRunning(): boolean {
    return this.#starting !== null || this.#goesOn;
  }

  /** What a cell repeats, or why none can. */
  get again(): { setting: TrialSetting; prompts: string[] } | string {
    if (this.#tried === null) return __("Run the trial first: the cell repeats it.");
    const { setting, prompts } = this.#tried;
    const files = prompts.flatMap(({ file }) => file ?? []);
    return files.length === prompts.length
      ? { setting, prompts: files }
      : __("Keep the prompt as it was tried first: a cell names files.");
  }

  /** Hears of a kernel how its trials go on; what another kernel did is over. */
  listen({ link }: LabDesk): void {
    this.#id = null;
    this.#goesOn = false;
    link.on("progress", ({ trial, done, total, failed, note }) => {
      if (trial !== this.#id) return;
      const parts = [
        __("%1 of %2 captions", done, total),
        ...(failed > 0 ? [__("%1 failed", failed)] : []),
        ...(note ? [note] : []),
      ];
      this.#say(parts.join(" · "));
    });
    link.on("ended", ({ trial, problem }) => {
      if (trial !== this.#id) return;
      this.#goesOn = false;
      this.#say(problem ?? __("Done."));
      this.#changed();
    });
  }

  /** @param prepare says what it is to be made of */
  async start(desk: LabDesk, prepare: () => Promise<Tried>): Promise<void> {
    this.#starting = new AbortController();
    const { signal } = this.#starting;
    this.#say(__("Asking the servers …"));
    this.#changed();
    try {
      const tried = await prepare();
      const prompts = tried.prompts.map(({ name, source }) => ({ name, source }));
      const view = await desk.link.ask("run", { ...tried.setting, prompts }, signal);
      this.#tried = tried;
      this.#id = view.trial!;
      this.#goesOn = view.running;
      this.#say(view.running ? "" : __("All was answered before: nothing was asked."));
      this.#show(view, desk);
    } finally {
      this.#starting = null;
      this.#changed();
    }
  }

  async stop(desk: LabDesk): Promise<void> {
    if (this.#starting) this.#starting.abort();
    else if (this.#goesOn) await desk.link.ask("stop", { trial: this.#id! });
  }

  /** A text that was tried stands in a file by now. */
  kept(source: string, file: string): void {
    for (const prompt of this.#tried?.prompts ?? []) if (prompt.source === source) prompt.file ??= file;
  }

  dispose(): void {
    this.#starting?.abort();
    this.#shown.abort();
  }

  #show(view: MatrixView, { context }: LabDesk): void {
    this.#shown.abort();
    this.#shown = new AbortController();
    drawMatrix(view, this.node, { ...context, signal: this.#shown.signal });
  }
}
