import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import { diffWords } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** Shows what a new version changes, and where it would stand. @returns whether it is to be kept */
export async function askToKeep(saved: string, source: string, file: string): Promise<boolean> {
  const pieces = diffWords(saved, source).map(({ kind, text }) =>
    kind === "kept"
      ? document.createTextNode(text)
      : el(kind === "added" ? "ins" : "del", { class: `figloom-${kind}` }, text),
  );
  const body = new Widget({
    node: el(
      "div",
      { class: "figloom figloom-lab-diff" },
      el("p", {}, __("This is written to %1. No other file is changed.", file)),
      el("pre", { tabindex: "0", "aria-label": __("What changes") }, ...pieces),
    ),
  });
  const { button } = await showDialog({
    title: __("Keep as a new version"),
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: __("Keep") })],
  });
  return button.accept;
}
