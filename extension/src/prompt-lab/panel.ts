import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { IEditorServices } from "@jupyterlab/codeeditor";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import type { Message } from "@lumino/messaging";
import { Signal, type ISignal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import type { LinkState, TrialSetting, Vocabulary } from "figloom/views";
import type { Kernels } from "../common/context.js";
import { button, el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { labDesk, promptsToTry, selectedFigures, type LabDesk } from "./desk.js";
import { makeEditor, type PromptEditor } from "./editor.js";
import { askToKeep } from "./keep-dialog.js";
import { drawPreview } from "./preview.js";
import { drawSettings } from "./settings.js";
import { BACKGROUND, drawSources } from "./sources.js";
import { isDirty, settingOf, type LabState } from "./state.js";
import { LabTrial } from "./trial.js";

/** Typing pauses so long before the kernel is asked what it thinks of the text, in milliseconds. */
const PAUSE_MS = 300;

export interface PromptLabOptions {
  kernels: Kernels;
  services: IEditorServices;
  notebooks: INotebookTracker;
  state: LabState;
}

/** A panel in which a prompt is edited, tried on figures, compared with others, and kept. */
export class PromptLab extends Widget {
  readonly #kernels: Kernels;
  readonly #notebooks: INotebookTracker;
  readonly #stateChanged = new Signal<this, void>(this);
  readonly #editor: PromptEditor;
  #state: LabState;
  #desk: LabDesk | null = null;
  #asking = new AbortController();
  #vocabulary: Vocabulary | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** The prompt that was chosen last. */
  #opening = "";

  readonly #sources = drawSources(
    (change) => this.#change(change, "setting"),
    (name) => void this.#open(name),
    () => this.#connect(),
  );
  readonly #problem = el("p", { class: "figloom-lab-problem", role: "status" });
  readonly #said = el("p", { class: "figloom-note", role: "status" });
  readonly #trial = new LabTrial(
    (text) => this.#say(text),
    () => this.#marks(),
  );
  readonly #preview = drawPreview(() => void this.#compose());
  readonly #settings = drawSettings(
    (change) => this.#change(change, "setting"),
    () => void this.#askServers(),
  );
  readonly #run = button(__("Run"), () => void this.#startOrStop(), {
    className: "figloom-button figloom-primary",
    label: __("Run the trial (Ctrl+Enter)"),
  });
  readonly #keep = button(__("Keep as a new version…"), () => void this.#keepVersion());
  readonly #insert = button(__("Insert cell"), () => void this.#insertCell());

  constructor({ kernels, services, notebooks, state }: PromptLabOptions) {
    super();
    this.addClass("figloom");
    this.addClass("figloom-lab");
    this.#kernels = kernels;
    this.#notebooks = notebooks;
    this.#state = state;
    const host = el("div", { class: "figloom-lab-editor" });
    this.node.append(
      el(
        "div",
        { class: "figloom-lab-page", ...OWN_KEYS },
        this.#sources.node,
        el(
          "div",
          { class: "figloom-lab-columns" },
          el("div", { class: "figloom-lab-left" }, host, this.#problem),
          el(
            "div",
            { class: "figloom-lab-right" },
            this.#settings.node,
            this.#sources.others,
            this.#preview.node,
          ),
        ),
        el("div", { class: "figloom-lab-actions" }, this.#run, this.#keep, this.#insert, this.#said),
        this.#trial.node,
      ),
    );
    this.#editor = makeEditor({
      ...{ host, services, text: state.source, label: __("Text of the prompt") },
      vocabulary: () => this.#vocabulary,
      onChange: (source) => this.#change({ source }, "text"),
      onRun: () => void this.#startOrStop(),
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      void this.#startOrStop();
    });
    this.#showState();
    notebooks.widgetAdded.connect(this.#listKernels, this);
    notebooks.currentChanged.connect(this.#listKernels, this);
    this.#listKernels();
    this.#sources.kernel = notebooks.currentWidget?.id ?? BACKGROUND;
    this.#connect();
  }

  /** All that it is set to. */
  get state(): LabState {
    return this.#state;
  }

  get stateChanged(): ISignal<this, void> {
    return this.#stateChanged;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    clearTimeout(this.#pause);
    this.#notebooks.widgetAdded.disconnect(this.#listKernels, this);
    this.#notebooks.currentChanged.disconnect(this.#listKernels, this);
    this.#trial.dispose();
    this.#asking.abort();
    this.#editor.dispose();
    super.dispose();
  }

  /** Asks before a text is lost that no file holds. */
  async mayClose(): Promise<boolean> {
    if (!isDirty(this.#state)) return true;
    const { button } = await showDialog({
      title: __("The prompt is not kept"),
      body: __(
        "What you changed in %1 stands in no file, and is lost when the panel closes.",
        this.#state.name,
      ),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: __("Close without keeping") })],
    });
    return button.accept;
  }

  protected override onActivateRequest(_message: Message): void {
    this.#editor.focus();
  }

  #listKernels(): void {
    const chosen = this.#sources.kernel;
    const panels: NotebookPanel[] = [];
    this.#notebooks.forEach((panel) => panels.push(panel));
    this.#sources.kernels(panels.map(({ id, title }) => ({ id, name: title.label })));
    if (this.#desk && this.#sources.kernel !== chosen) this.#connect();
    this.#marks();
  }

  #notebook(): NotebookPanel | null {
    return this.#notebooks.find(({ id }) => id === this.#sources.kernel) ?? null;
  }

  #connect(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const desk = labDesk(this.#kernels.context(signal, this.#notebook()), this.#state.id);
    this.#desk = desk;
    this.#trial.listen(desk);
    this.#marks();
    desk.link.onState((state) => this.#linkState(state, desk));
    this.#linkState(desk.link.state, desk);
    void this.#load(desk);
  }

  #linkState(state: LinkState, desk: LabDesk): void {
    if (desk !== this.#desk) return;
    if (state === "gone") this.#say(__("No kernel answers. Choose another one, or start it again."));
    else if (state === "live" && this.#vocabulary === null) void this.#load(desk);
  }

  async #load(desk: LabDesk): Promise<void> {
    await this.#guarded(async () => {
      this.#say(__("Asking the kernel …"));
      const [vocabulary, prompts, datasets] = await Promise.all([
        desk.link.ask("vocabulary", {}),
        desk.link.ask("prompts", {}),
        desk.link.ask("datasets", {}),
      ]);
      if (desk !== this.#desk) return;
      this.#vocabulary = vocabulary;
      this.#sources.datasets(datasets);
      this.#sources.prompts(prompts);
      if (this.#state.dataset === "" && datasets[0] !== undefined)
        this.#change({ dataset: datasets[0] }, "setting");
      this.#showState();
      this.#say(
        datasets.length === 0 && this.#state.dataset === ""
          ? __("There is no dataset below the kernel's folder: give its path.")
          : "",
      );
      if (this.#state.name === "" && this.#opening === "" && prompts[0]) await this.#open(prompts[0].name);
      else await this.#look();
    });
    await this.#askServers();
  }

  async #open(name: string): Promise<void> {
    const desk = this.#desk;
    if (!desk || name === "") return;
    if (!(await this.mayClose())) {
      this.#showState();
      return;
    }
    this.#opening = name;
    await this.#guarded(async () => {
      const { source } = await desk.link.ask("read", { name });
      // Meanwhile another one may have been chosen.
      if (this.#opening === name) this.#take(name, source);
    });
  }

  #take(name: string, source: string): void {
    const others = this.#state.others.filter((other) => other !== name);
    this.#state = { ...this.#state, name, source, saved: source, others };
    this.#editor.text = source;
    this.#change({}, "setting");
  }

  #change(change: Partial<LabState>, what: "text" | "setting"): void {
    if (what === "text" && change.source === this.#state.source) return;
    this.#state = { ...this.#state, ...change };
    this.#stateChanged.emit();
    if (what === "setting") this.#showState();
    this.#marks();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#look(what === "setting"), PAUSE_MS);
  }

  #showState(): void {
    this.#settings.show(this.#state);
    this.#sources.show(this.#state);
  }

  #marks(): void {
    const dirty = isDirty(this.#state);
    if (this.parent) this.parent.title.className = dirty ? "jp-mod-dirty" : "";
    const running = this.#trial.isRunning;
    this.#run.textContent = running ? __("Stop") : __("Run");
    this.#run.title = running ? __("Stop; what was answered is kept") : __("Run the trial (Ctrl+Enter)");
    this.#run.setAttribute("aria-label", this.#run.title);
    const again = this.#trial.again;
    const why = this.#notebook()
      ? typeof again === "string"
        ? again
        : null
      : __("Choose a notebook's kernel: the cell is put into that notebook.");
    this.#insert.disabled = why !== null;
    this.#insert.title = why ?? __("Put a cell that repeats this trial into the notebook");
  }

  /** Checks the text, and shows what would be asked. @param figuresToo whether other figures may be meant */
  async #look(figuresToo = true): Promise<void> {
    const { name, source } = this.#state;
    const desk = this.#desk;
    if (!desk || name === "") return;
    await this.#guarded(async () => {
      const { problem } = await desk.link.ask("check", { name, source });
      if (source !== this.#state.source) return;
      this.#problem.textContent = problem
        ? (problem.line === null ? "" : __("Line %1: ", problem.line)) + problem.message
        : "";
      this.#problem.hidden = problem === null;
      this.#editor.underline(problem && { line: problem.line ?? 1, message: problem.message });
      if (figuresToo && this.#state.dataset !== "") {
        const { dataset, pick } = await this.#setting(desk);
        this.#preview.figures(await desk.link.ask("figures", { dataset, pick }));
      }
      if (problem === null) await this.#compose();
      else this.#preview.say(__("The prompt cannot be filled in yet."));
    });
  }

  async #compose(): Promise<void> {
    const { name, source, dataset } = this.#state;
    const { figure } = this.#preview;
    if (!this.#desk || figure === null) return;
    const prompt = { name, source };
    await this.#guarded(async () =>
      this.#preview.show(await this.#desk!.link.ask("preview", { dataset, figure_id: figure, prompt })),
    );
  }

  async #setting(desk: LabDesk): Promise<TrialSetting> {
    const { figures, dataset, id } = this.#state;
    return settingOf(this.#state, figures === "selection" ? await selectedFigures(desk, dataset, id) : null);
  }

  async #askServers(): Promise<void> {
    const desk = this.#desk;
    if (!desk) return;
    await this.#guarded(async () => this.#settings.servers(await desk.servers.ask("servers", {})));
    this.#settings.show(this.#state);
  }

  async #startOrStop(): Promise<void> {
    const desk = this.#desk;
    if (!desk) return;
    await this.#guarded(async () => {
      if (this.#trial.isRunning) return this.#trial.stop(desk);
      await this.#trial.start(desk, async () => ({
        setting: await this.#setting(desk),
        prompts: await promptsToTry(desk, this.#state),
      }));
    });
  }

  async #keepVersion(): Promise<void> {
    const desk = this.#desk;
    if (!desk) return;
    const { name, source, saved } = this.#state;
    await this.#guarded(async () => {
      const { file } = await desk.link.ask("place", { name, source });
      if (!(await askToKeep(saved, source, file))) return;
      const kept = await desk.link.ask("keep", { name, source, trial: this.#trial.id });
      this.#trial.kept(source, kept.file);
      this.#sources.prompts(await desk.link.ask("prompts", {}));
      this.#take(kept.file, (await desk.link.ask("read", { name: kept.file })).source);
      this.#say(__("Kept in %1.", kept.file));
    });
  }

  async #insertCell(): Promise<void> {
    const desk = this.#desk;
    const again = this.#trial.again;
    if (!desk?.context.insertCell || typeof again === "string") return;
    await this.#guarded(async () => {
      const { code } = await desk.link.ask("cell", { ...again.setting, prompts: again.prompts });
      desk.context.insertCell!(code);
      this.#say(__("A cell that repeats the trial stands in the notebook."));
    });
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    const { signal } = this.#asking;
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) this.#say((error as Error).message);
    }
  }
}
