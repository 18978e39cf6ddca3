import { autocompletion } from "@codemirror/autocomplete";
import { Prec, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, keymap, type DecorationSet } from "@codemirror/view";
import { CodeEditor, type IEditorServices } from "@jupyterlab/codeeditor";
import type { Vocabulary } from "figloom/views";
import { promptCompletion } from "./completion.js";

/** JupyterLab's editor with a prompt in it. */
export interface PromptEditor {
  text: string;
  /** Underlines a line, from 1; `null` for none. */
  underline(problem: { line: number; message: string } | null): void;
  focus(): void;
  dispose(): void;
}

export interface PromptEditorOptions {
  host: HTMLElement;
  services: IEditorServices;
  text: string;
  label: string;
  vocabulary(): Vocabulary | null;
  onChange(text: string): void;
  /** Ctrl+Enter, or Cmd+Enter. */
  onRun(): void;
}

const setProblem = StateEffect.define<{ line: number; message: string } | null>();

const problems = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state }) {
    const effect = effects.find((one) => one.is(setProblem));
    if (!effect) return marks.map(changes);
    const problem = effect.value as { line: number; message: string } | null;
    if (!problem) return Decoration.none;
    const { from, to } = state.doc.line(Math.max(1, Math.min(state.doc.lines, problem.line)));
    if (from === to) return Decoration.set([Decoration.line({ class: "figloom-problem-line" }).range(from)]);
    const mark = Decoration.mark({ class: "figloom-problem", attributes: { title: problem.message } });
    return Decoration.set([mark.range(from, to)]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function makeEditor(options: PromptEditorOptions): PromptEditor {
  const { host, services, text, label, vocabulary, onChange, onRun } = options;
  const model = new CodeEditor.Model({ mimeType: "text/x-ipythongfm" });
  model.sharedModel.setSource(text);
  model.sharedModel.clearUndoHistory();
  const run = () => (onRun(), true);
  const extensions: Extension[] = [
    autocompletion({ override: [promptCompletion(vocabulary)] }),
    problems,
    EditorView.contentAttributes.of({ "aria-label": label }),
    Prec.highest(
      keymap.of([
        { key: "Mod-Enter", run, preventDefault: true },
        { key: "Mod-z", run: () => (editor.undo(), true) },
        { key: "Mod-y", run: () => (editor.redo(), true) },
        { key: "Mod-Shift-z", run: () => (editor.redo(), true) },
      ]),
    ),
  ];
  const editor = services.factoryService.newDocumentEditor({
    ...{ host, model, extensions },
    config: { lineWrap: true, lineNumbers: true },
  });
  model.sharedModel.changed.connect(() => onChange(model.sharedModel.getSource()));
  const view = (editor as unknown as { editor: EditorView }).editor;
  return {
    get text() {
      return model.sharedModel.getSource();
    },
    set text(next) {
      model.sharedModel.setSource(next);
      model.sharedModel.clearUndoHistory();
    },
    underline: (problem) => view.dispatch({ effects: setProblem.of(problem) }),
    focus: () => editor.focus(),
    dispose() {
      editor.dispose();
      model.dispose();
    },
  };
}
