// @vitest-environment jsdom
import { CommandRegistry } from "@lumino/commands";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { JupyterFrontEnd } from "@jupyterlab/application";
import { el } from "../../../extension/src/common/dom.js";
import { OWN_KEYS, shortcutsPlugin } from "../../../extension/src/common/shortcuts.js";

let done: string[];
beforeAll(() => {
  void shortcutsPlugin.activate({} as JupyterFrontEnd);
  const commands = new CommandRegistry();
  for (const keys of ["Ctrl S", "Ctrl Alt R", "Ctrl Z", "Ctrl C", "Ctrl Enter", "X"]) {
    commands.addCommand(keys, { execute: () => void done.push(keys) });
    commands.addKeyBinding({ command: keys, keys: [keys], selector: "body" });
  }
  // As JupyterLab listens.
  document.addEventListener("keydown", (event) => commands.processKeydownEvent(event), true);
});

let inner: HTMLElement;
beforeEach(() => {
  done = [];
  inner = el("button", {}, "a figure");
  document.body.replaceChildren(el("div", OWN_KEYS, el("div", OWN_KEYS, inner)));
});

const press = (init: KeyboardEventInit & { keyCode: number }) =>
  inner.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));

test("saving and the panels' shortcuts work while the focus is in a view", () => {
  press({ key: "s", keyCode: 83, ctrlKey: true });
  press({ key: "r", keyCode: 82, ctrlKey: true, altKey: true });
  expect(done).toEqual(["Ctrl S", "Ctrl Alt R"]);
});

test("a view keeps letters, undo, copying and Enter to itself, also after one that went through", async () => {
  press({ key: "s", keyCode: 83, ctrlKey: true });
  await new Promise((resolve) => setTimeout(resolve));
  done = [];
  press({ key: "x", keyCode: 88 });
  press({ key: "z", keyCode: 90, ctrlKey: true });
  press({ key: "c", keyCode: 67, ctrlKey: true });
  press({ key: "Enter", keyCode: 13, ctrlKey: true });
  expect(done).toEqual([]);
});

test("a dialog keeps all keys", () => {
  inner.setAttribute("aria-modal", "true");
  press({ key: "s", keyCode: 83, ctrlKey: true });
  expect(done).toEqual([]);
});
