import type { FigureCard } from "figloom/views";
import { figureName, paperName } from "figloom/views";
import { button, el, OWN_KEYS } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { copyText } from "./copy.js";
import { drawDetails } from "./details.js";
import { drawStage } from "./stage.js";

/**
 * Opens a dialog over the page with one of the cards at full size; arrows go to its neighbours, `z` changes between
 * the whole figure and 100 %, Escape closes. `onClose` is told which card was shown last.
 */
export function openLightbox(
  cards: readonly FigureCard[],
  start: number,
  context: DrawContext,
  onClose: (index: number) => void,
): void {
  let index = start;
  const name = el("span", { class: "figloom-lightbox-name" });
  const paper = el("span", { class: "figloom-lightbox-paper", dir: "auto" });
  const position = el("span", { class: "figloom-soft figloom-position" });
  const stage = el("div", { class: "figloom-stage", tabindex: "0", role: "group", "aria-label": "Figure" });
  const details = el("div", {
    class: "figloom-details",
    tabindex: "0",
    role: "group",
    "aria-label": "Details",
  });

  const zoom = button("100 %", () => setActual(!stage.classList.contains("figloom-actual")));
  const copy = button("Copy id", async () => {
    copy.textContent = (await copyText(cards[index]!.figure_id)) ? "Copied" : "Cannot copy here";
  });
  const previous = button("‹", () => go(index - 1), { label: "Previous figure" });
  const next = button("›", () => go(index + 1), { label: "Next figure" });
  const close = button("✕", () => dialog.close(), { label: "Close" });
  const bar = el(
    "header",
    { class: "figloom-lightbox-bar" },
    el("div", { class: "figloom-lightbox-title" }, name, paper),
    zoom,
    copy,
    el("span", { class: "figloom-group" }, previous, position, next),
    close,
  );
  const attributes = { class: "figloom figloom-lightbox", role: "dialog", "aria-modal": "true", ...OWN_KEYS };
  const dialog = el("dialog", attributes, bar, el("div", { class: "figloom-lightbox-body" }, stage, details));

  function setActual(actual: boolean): void {
    stage.classList.toggle("figloom-actual", actual);
    zoom.textContent = actual ? "Fit" : "100 %";
    zoom.setAttribute("aria-label", actual ? "Fit the figure into the window (z)" : "Show at 100 % (z)");
    zoom.title = zoom.getAttribute("aria-label")!;
  }

  function go(to: number): void {
    const card = cards[to];
    if (!card) return;
    index = to;
    dialog.setAttribute("aria-label", `${figureName(card)}, ${paperName(card)}`);
    name.textContent = figureName(card);
    paper.textContent = paperName(card);
    position.textContent = `${index + 1} / ${cards.length}`;
    previous.disabled = index === 0;
    next.disabled = index === cards.length - 1;
    copy.textContent = "Copy id";
    setActual(false);
    drawStage(card, stage, context);
    drawDetails(card, details);
    details.scrollTop = 0;
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") go(index - 1);
    else if (event.key === "ArrowRight") go(index + 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(cards.length - 1);
    else if (event.key === "z") setActual(!stage.classList.contains("figloom-actual"));
    else if (event.key === "Escape") dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  stage.addEventListener("dblclick", () => setActual(!stage.classList.contains("figloom-actual")));
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose(index);
  });
  context.signal.addEventListener("abort", () => dialog.remove(), { once: true });

  go(start);
  document.body.append(dialog);
  dialog.showModal();
  stage.focus();
}
