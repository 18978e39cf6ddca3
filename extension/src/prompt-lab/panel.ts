import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { IEditorServices } from "@jupyterlab/codeeditor";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { UUID } from "@lumino/coreutils";
import type { Message } from "@lumino/messaging";
import { Signal, type ISignal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import type {
  LinkState,
  MatrixView,
  PromptListing,
  PromptText,
  TrialSetting,
  Vocabulary,
} from "figloom/views";
import type { Kernels } from "../common/context.js";
import { button, el, OWN_KEYS } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawMatrix } from "../matrix/matrix.js";
import { labDesk, selectedFigures, type LabDesk } from "./desk.js";
import { makeEditor, type PromptEditor } from "./editor.js";
import { askToKeep } from "./keep-dialog.js";
import { drawPreview } from "./preview.js";
import { drawSettings, field } from "./settings.js";
import { isDirty, settingOf, type LabState } from "./state.js";

/** Typing pauses so long before the kernel is asked what it thinks of the text, in milliseconds. */
const PAUSE_MS = 300;
const BACKGROUND = "";

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
  #shown = new AbortController();
  #vocabulary: Vocabulary | null = null;
  #prompts: PromptListing[] = [];
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** The prompt that was chosen last. */
  #opening = "";
  /** The trial on display, and whether it goes on. */
  #trial: { id: string; running: boolean } | null = null;
  /** What the trial on display was made of; `file` is where a prompt stands as it was tried, `null` while nowhere. */
  #tried: { setting: TrialSetting; prompts: { source: string; file: string | null }[] } | null = null;
  /** Aborted to give up a start. */
  #starting: AbortController | null = null;

  readonly #kernel = el("select", { class: "figloom-input" });
  readonly #dataset = el("input", { type: "text", class: "figloom-input", spellcheck: "false" });
  readonly #datasets = el("datalist", { id: `figloom-datasets-${UUID.uuid4()}` });
  readonly #prompt = el("select", { class: "figloom-input" });
  readonly #problem = el("p", { class: "figloom-lab-problem", role: "status" });
  readonly #others = el("div", {
    class: "figloom-lab-others",
    role: "group",
    "aria-label": __("Compare with"),
  });
  readonly #said = el("p", { class: "figloom-note", role: "status" });
  readonly #matrix = el("div", { class: "figloom-lab-matrix" });
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
    this.#dataset.setAttribute("list", this.#datasets.id);
    this.#dataset.value = state.dataset;
    this.#kernel.addEventListener("change", () => this.#connect());
    this.#dataset.addEventListener("change", () =>
      this.#change({ dataset: this.#dataset.value.trim() }, "setting"),
    );
    this.#prompt.addEventListener("change", () => void this.#open(this.#prompt.value));
    this.node.append(
      el(
        "div",
        { class: "figloom-lab-page", ...OWN_KEYS },
        el(
          "div",
          { class: "figloom-lab-top" },
          field(__("Dataset"), this.#dataset),
          this.#datasets,
          field(__("Prompt"), this.#prompt),
          field(__("Kernel"), this.#kernel),
        ),
        el(
          "div",
          { class: "figloom-lab-columns" },
          el("div", { class: "figloom-lab-left" }, host, this.#problem),
          el("div", { class: "figloom-lab-right" }, this.#settings.node, this.#others, this.#preview.node),
        ),
        el("div", { class: "figloom-lab-actions" }, this.#run, this.#keep, this.#insert, this.#said),
        this.#matrix,
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
    this.#settings.show(state);
    notebooks.widgetAdded.connect(this.#listKernels, this);
    notebooks.currentChanged.connect(this.#listKernels, this);
    this.#listKernels();
    this.#kernel.value = notebooks.currentWidget?.id ?? BACKGROUND;
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
    this.#shown.abort();
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
    const chosen = this.#kernel.value;
    const panels: NotebookPanel[] = [];
    this.#notebooks.forEach((panel) => panels.push(panel));
    this.#kernel.replaceChildren(
      ...panels.map((panel) => el("option", { value: panel.id }, panel.title.label)),
      el("option", { value: BACKGROUND }, __("in the background")),
    );
    this.#kernel.value = panels.some(({ id }) => id === chosen) ? chosen : BACKGROUND;
    if (this.#desk && this.#kernel.value !== chosen) this.#connect();
    this.#marks();
  }

  #notebook(): NotebookPanel | null {
    return this.#notebooks.find(({ id }) => id === this.#kernel.value) ?? null;
  }

  #connect(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const desk = labDesk(this.#kernels.context(signal, this.#notebook()), this.#state.id);
    this.#desk = desk;
    this.#trial = null;
    desk.link.on("progress", ({ trial, done, total, failed, note }) => {
      if (trial !== this.#trial?.id) return;
      const parts = [
        __("%1 of %2 captions", done, total),
        ...(failed > 0 ? [__("%1 failed", failed)] : []),
        ...(note ? [note] : []),
      ];
      this.#say(parts.join(" · "));
    });
    desk.link.on("ended", ({ trial, problem }) => {
      if (trial !== this.#trial?.id) return;
      this.#trial.running = false;
      this.#say(problem ?? __("Done."));
      this.#marks();
    });
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
      this.#prompts = prompts;
      this.#datasets.replaceChildren(...datasets.map((name) => el("option", { value: name })));
      if (this.#state.dataset === "" && datasets[0] !== undefined) {
        this.#dataset.value = datasets[0];
        this.#change({ dataset: datasets[0] }, "setting");
      }
      this.#listPrompts();
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

  #listPrompts(): void {
    const group = (label: string, shipped: boolean) =>
      el(
        "optgroup",
        { label },
        ...this.#prompts
          .filter((one) => one.shipped === shipped)
          .map(({ name }) => el("option", { value: name }, name)),
      );
    this.#prompt.replaceChildren(
      ...[group(__("in the workspace"), false), group(__("shipped with figloom"), true)].filter(
        (one) => one.childElementCount > 0,
      ),
    );
    this.#prompt.value = this.#state.name;
    this.#listOthers();
  }

  #listOthers(): void {
    const { name, others, withSaved } = this.#state;
    const check = (text: string, checked: boolean, onChange: (checked: boolean) => void) => {
      const box = el("input", { type: "checkbox" });
      box.checked = checked;
      box.addEventListener("change", () => onChange(box.checked));
      return el("label", { class: "figloom-check" }, box, text);
    };
    this.#others.replaceChildren(
      el("span", { class: "figloom-soft" }, __("Compare with")),
      check(__("its saved version"), withSaved, (withSaved) => this.#change({ withSaved }, "setting")),
      ...this.#prompts
        .filter((prompt) => prompt.name !== name)
        .map((prompt) =>
          check(prompt.name, others.includes(prompt.name), (is) => {
            const rest = this.#state.others.filter((other) => other !== prompt.name);
            this.#change({ others: is ? [...rest, prompt.name] : rest }, "setting");
          }),
        ),
    );
  }

  async #open(name: string): Promise<void> {
    const desk = this.#desk;
    if (!desk || name === "") return;
    if (!(await this.mayClose())) {
      this.#prompt.value = this.#state.name;
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
    this.#listPrompts();
    this.#change({}, "setting");
  }

  #change(change: Partial<LabState>, what: "text" | "setting"): void {
    if (what === "text" && change.source === this.#state.source) return;
    this.#state = { ...this.#state, ...change };
    this.#stateChanged.emit();
    if (what === "setting") this.#settings.show(this.#state);
    this.#marks();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#look(what === "setting"), PAUSE_MS);
  }

  #marks(): void {
    const dirty = isDirty(this.#state);
    if (this.parent) this.parent.title.className = dirty ? "jp-mod-dirty" : "";
    const running = this.#starting !== null || this.#trial?.running === true;
    this.#run.textContent = running ? __("Stop") : __("Run");
    this.#run.title = running ? __("Stop; what was answered is kept") : __("Run the trial (Ctrl+Enter)");
    this.#run.setAttribute("aria-label", this.#run.title);
    const why = this.#whyNoCell();
    this.#insert.disabled = why !== null;
    this.#insert.title = why ?? __("Put a cell that repeats this trial into the notebook");
  }

  #whyNoCell(): string | null {
    if (this.#notebook() === null)
      return __("Choose a notebook's kernel: the cell is put into that notebook.");
    if (this.#tried === null) return __("Run the trial first: the cell repeats it.");
    if (this.#tried.prompts.some(({ file }) => file === null))
      return __("Keep the prompt as it was tried first: a cell names files.");
    return null;
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
    if (this.#starting) return this.#starting.abort();
    if (this.#trial?.running) {
      const { id } = this.#trial;
      return this.#guarded(async () => void (await desk.link.ask("stop", { trial: id })));
    }
    this.#starting = new AbortController();
    const { signal } = this.#starting;
    this.#say(__("Asking the servers …"));
    this.#marks();
    await this.#guarded(async () => {
      const setting = await this.#setting(desk);
      const prompts = await this.#promptsToTry(desk);
      const asked = prompts.map(({ name, source }) => ({ name, source }));
      const view = await desk.link.ask("run", { ...setting, prompts: asked }, signal);
      this.#tried = { setting, prompts: prompts.map(({ source, file }) => ({ source, file })) };
      this.#trial = { id: view.trial!, running: view.running };
      this.#say(view.running ? "" : __("All was answered before: nothing was asked."));
      this.#show(view, desk);
    });
    this.#starting = null;
    this.#marks();
  }

  /** Prompts of the next trial: what they are compared with first. */
  async #promptsToTry(desk: LabDesk): Promise<(PromptText & { file: string | null })[]> {
    const { name, source, saved, others, withSaved } = this.#state;
    const dirty = isDirty(this.#state);
    const read = await Promise.all(others.map((other) => desk.link.ask("read", { name: other })));
    return [
      ...(withSaved && dirty ? [{ name, source: saved, file: name }] : []),
      ...read.map((other) => ({ ...other, file: other.name })),
      { name, source, file: dirty ? null : name },
    ];
  }

  #show(view: MatrixView, desk: LabDesk): void {
    this.#shown.abort();
    this.#shown = new AbortController();
    const { signal } = this.#shown;
    drawMatrix(view, this.#matrix, { ...desk.context, signal });
  }

  async #keepVersion(): Promise<void> {
    const desk = this.#desk;
    if (!desk) return;
    const { name, source, saved } = this.#state;
    await this.#guarded(async () => {
      const { file } = await desk.link.ask("place", { name, source });
      if (!(await askToKeep(saved, source, file))) return;
      const kept = await desk.link.ask("keep", { name, source, trial: this.#trial?.id ?? null });
      for (const prompt of this.#tried?.prompts ?? [])
        if (prompt.source === source) prompt.file ??= kept.file;
      this.#prompts = await desk.link.ask("prompts", {});
      this.#take(kept.file, (await desk.link.ask("read", { name: kept.file })).source);
      this.#say(__("Kept in %1.", kept.file));
    });
  }

  async #insertCell(): Promise<void> {
    const desk = this.#desk;
    if (!desk?.context.insertCell || !this.#tried) return;
    await this.#guarded(async () => {
      const { name, others } = this.#state;
      const { code } = await desk.link.ask("cell", {
        ...(await this.#setting(desk)),
        prompts: [...others, name],
      });
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
