// @vitest-environment jsdom
import "./setup.js";
import { MimeModel } from "@jupyterlab/rendermime";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import type { Draw } from "../../../extension/src/common/context.js";
import { RenderedView } from "../../../extension/src/common/renderer.js";

interface Words {
  words: string;
}
const MIME = "application/vnd.test.words+json";
const model = (words: unknown) => new MimeModel({ data: { [MIME]: { words } as never } });
const rendered = (draw: Draw<Words>) =>
  new RenderedView(
    { mimeType: MIME, resolver: null, linkHandler: null, latexTypesetter: null, sanitizer: null as never },
    "words",
    z.object({ words: z.any() }),
    draw,
  );

test("the same model again leaves the drawing alone, another is drawn anew", async () => {
  const signals: AbortSignal[] = [];
  const view = rendered(({ words }, node, { signal }) => {
    signals.push(signal);
    node.replaceChildren(document.createTextNode(words));
  });
  await view.renderModel(model("one"));
  const text = view.node.firstChild;
  await view.renderModel(model("one"));
  expect(view.node.firstChild).toBe(text);
  await view.renderModel(model("two"));
  expect(view.node.textContent).toBe("two");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  view.dispose();
  expect(signals[1]!.aborted).toBe(true);
});

test("a drawing that can change to a later state is asked to", async () => {
  const view = rendered(({ words }, node) => {
    const line = node.appendChild(document.createElement("p"));
    const say = ({ words }: Words) => (line.textContent = words.toUpperCase());
    say({ words });
    return say;
  });
  await view.renderModel(model("one"));
  const line = view.node.firstChild;
  await view.renderModel(model("two"));
  expect(view.node.firstChild).toBe(line);
  expect(line!.textContent).toBe("TWO");
  await view.renderModel(model(3));
  expect(view.node.textContent).toMatch(/cannot be drawn/);
  await view.renderModel(model("four"));
  expect(view.node.textContent).toBe("FOUR");
});

test("a drawing that was overtaken by a later one says nothing any more", async () => {
  let fail: (error: Error) => void;
  const view = rendered(({ words }, node) => {
    if (words === "slow") return new Promise((_resolve, reject) => (fail = reject));
    node.replaceChildren(document.createTextNode(words));
  });
  const slow = view.renderModel(model("slow"));
  await view.renderModel(model("fast"));
  fail!(new Error("too late"));
  await slow;
  expect(view.node.textContent).toBe("fast");
});

test("outside of a notebook the kernel is gone, and nothing can be inserted", async () => {
  let state: string | undefined;
  const view = rendered((_view, _node, { dataset, insertCell }) => {
    state = dataset("data").state;
    expect(insertCell).toBeNull();
  });
  await view.renderModel(model("one"));
  expect(state).toBe("gone");
});
