import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleKernel, type KernelBundle } from "../../../support/kernel-bundle.js";
import { sleep, startKernel, streamText, type Kernel } from "../../../support/tslab-kernel.js";

let bundle: KernelBundle;
let kernel: Kernel;
beforeAll(async () => {
  bundle = await bundleKernel();
  kernel = await startKernel({ cwd: bundle.folder });
});
afterAll(async () => {
  await kernel?.stop();
  bundle?.remove();
});

test("without the preload, a display still carries all its representations and is updated", async () => {
  const { messages } = await kernel.execute(`
    import { show, inNotebook } from "loomkit";
    const picture = show({ "application/x+json": { a: 1 }, "text/plain": "one" }, { id: "picture" });
    picture.update({ "text/plain": "two" });
    console.log(inNotebook());`);
  const transient = { display_id: "picture" };
  expect(messages.filter(({ type }) => type !== "stream")).toEqual([
    {
      type: "display_data",
      content: { data: { "application/x+json": { a: 1 }, "text/plain": "one" }, metadata: {}, transient },
    },
    { type: "update_display_data", content: { data: { "text/plain": "two" }, metadata: {}, transient } },
  ]);
  expect(streamText(messages)).toBe("true\n");
});

test("without the preload, an interrupt aborts the signal", async () => {
  const cell = kernel.execute(
    `import { kernelSignal } from "loomkit"; const signal = kernelSignal(); setTimeout(() => console.log("on"), 50);
     signal.addEventListener("abort", () => console.log("told"));
     await new Promise(() => {});`,
  );
  while (!kernel.published.some(({ content }) => content["text"] === "on\n")) await sleep(10);
  kernel.interrupt();
  expect((await cell).reply["status"]).toBe("error");
  expect(kernel.published.map(({ content }) => content["text"])).toContain("told\n");
});

test("without the preload, registering a comm harms nothing", async () => {
  await sleep(300); // stock tslab aborts what comes within 200 ms after an error
  const { reply } = await kernel.execute(
    `import { onComm } from "loomkit"; const off = onComm("x", () => {}); off();`,
  );
  expect(reply["status"]).toBe("ok");
});
