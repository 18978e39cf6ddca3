import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleKernel, type KernelBundle } from "../../../support/kernel-bundle.js";
import { sleep, startKernel, streamText, type Kernel } from "../../../support/tslab-kernel.js";

let bundle: KernelBundle;
let kernel: Kernel;
beforeAll(async () => {
  bundle = await bundleKernel();
  kernel = await startKernel({ cwd: bundle.folder, preload: bundle.preload });
});
afterAll(async () => {
  await kernel?.stop();
  bundle?.remove();
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** Waits until the kernel published something for a request. */
function published(id: string, what: (content: Record<string, unknown>) => boolean): Promise<void> {
  return until(() => kernel.published.some(({ parent, content }) => parent === id && what(content)));
}
const text = (part: string) => (content: Record<string, unknown>) => String(content["text"]).includes(part);

describe("output", () => {
  test("20,000 lines printed at once arrive in order, in few messages", async () => {
    const { reply, messages } = await kernel.execute("for (let i = 0; i < 20_000; i++) console.log(i)");
    expect(reply["status"]).toBe("ok");
    expect(streamText(messages)).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
    expect(messages.length).toBeLessThan(500);
  });

  test("3,000 displays made at once arrive in order", async () => {
    const code = `import { show } from "loomkit"; for (let i = 0; i < 3000; i++) show({ "text/plain": String(i) });`;
    const { messages } = await kernel.execute(code);
    const shown = messages.filter(({ type }) => type === "display_data");
    const texts = shown.map(({ content }) => (content["data"] as Record<string, string>)["text/plain"]);
    expect(texts).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)));
  });

  test("text and displays keep their order", async () => {
    const code = `import { show } from "loomkit"; console.log("a"); console.log("b"); show({ "text/plain": "c" }); console.error("d");`;
    const { messages } = await kernel.execute(code);
    const order = messages
      .filter(({ type }) => type !== "execute_input")
      .map(({ type, content }) => content["text"] ?? type);
    expect(order.join("")).toBe("a\nb\ndisplay_data" + "d\n");
  });

  test("background work prints under the cell that started it, also while a later cell runs", async () => {
    await kernel.execute(
      `globalThis.more = () => {}; const wait = new Promise<void>((r) => (globalThis.more = r)); void wait.then(() => console.log("from the first"));`,
      { id: "first" },
    );
    const second = await kernel.execute(
      `globalThis.more(); await new Promise((r) => setTimeout(r, 100)); console.log("from the second")`,
      { id: "second" },
    );
    await published("first", text("from the first"));
    expect(streamText(second.messages)).toBe("from the second\n");
  });

  test("background work that fails is reported under the cell that started it", async () => {
    await kernel.execute(`setTimeout(() => { void Promise.reject(new Error("lost job")); }, 50);`, {
      id: "failing",
    });
    await kernel.execute(`console.log("newer")`);
    await published("failing", text("lost job"));
  });

  test("a display is updated under the cell that made it, with all its representations", async () => {
    await kernel.execute(
      `import { show } from "loomkit"; const picture = show({ "application/x+json": { a: [1] }, "text/html": "<b>1</b>", "text/plain": "1", "image/png": new Uint8Array([1, 2]) })`,
      { id: "shown" },
    );
    const { messages } = await kernel.execute(`picture.update({ "text/plain": "2" })`);
    expect(messages.map(({ type }) => type)).toEqual(["execute_input"]);
    await published(
      "shown",
      (content) => (content["data"] as Record<string, string>)?.["text/plain"] === "2",
    );
    const first = kernel.published.find(({ parent, type }) => parent === "shown" && type === "display_data");
    expect(first?.content["data"]).toEqual({
      "application/x+json": { a: [1] },
      "text/html": "<b>1</b>",
      "text/plain": "1",
      "image/png": "AQI=",
    });
  });

  test("half a character, which no file could hold, is replaced, and the text of an escape is not", async () => {
    const cell =
      String.raw`console.log("\ud83d|😀|" + String.raw\`\ud83d\` + "|" + String.raw\`\\ud83d\` + "\udc00\ud800\ud800")`.replaceAll(
        "\\`",
        "`",
      );
    const { messages } = await kernel.execute(cell);
    expect(streamText(messages)).toBe(String.raw`�|😀|\ud83d|\\ud83d���` + "\n");
  });

  test("the last expression is the cell's result", async () => {
    const { reply, messages } = await kernel.execute(`({ figures: 3 })`);
    expect(messages.at(-1)).toEqual({
      type: "execute_result",
      content: {
        execution_count: reply["execution_count"],
        data: { "text/plain": "{ figures: 3 }" },
        metadata: {},
      },
    });
  });
});

describe("errors", () => {
  test("a thrown error is reported once, with name, message and the cell's frames only", async () => {
    const { reply, messages } = await kernel.execute(
      `function load() { throw new RangeError("page 9 of 3"); }\nload();`,
    );
    expect(reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "page 9 of 3" });
    const errors = messages.filter(({ type }) => type !== "execute_input");
    expect(errors).toEqual([
      {
        type: "error",
        content: { ename: "RangeError", evalue: "page 9 of 3", traceback: reply["traceback"] },
      },
    ]);
    expect(reply["traceback"]).toEqual(["RangeError: page 9 of 3", "    at load (cell)", "    at cell"]);
  });

  test("a type error points at its place in the cell", async () => {
    const { reply } = await kernel.execute(`const n = 1;\nconst wrong: number = "x";`);
    expect(reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
    expect(reply["traceback"]).toEqual([
      "TypeScriptError:",
      "2:7 - Type 'string' is not assignable to type 'number'.",
      `  const wrong: number = "x";`,
      "        ^",
    ]);
  });

  test("a thrown string and an awaited rejection are reported, too", async () => {
    expect((await kernel.execute(`throw "plain"`)).reply).toMatchObject({
      ename: "Thrown",
      evalue: "'plain'",
    });
    const rejected = await kernel.execute(`await Promise.reject(new TypeError("later"))`);
    expect(rejected.reply).toMatchObject({ status: "error", ename: "TypeError", evalue: "later" });
  });

  test("cells sent behind a failing one are aborted; one sent after its reply runs", async () => {
    const [failed, behind] = await Promise.all([
      kernel.execute(`await new Promise((r) => setTimeout(r, 50)); throw new Error("stop")`),
      kernel.execute(`console.log("must not run")`),
    ]);
    expect([failed.reply["status"], behind.reply["status"]]).toEqual(["error", "aborted"]);
    expect(streamText(behind.messages)).toBe("");
    expect((await kernel.execute("1")).reply["status"]).toBe("ok");
  });

  test("with stop_on_error off, cells behind a failing one run", async () => {
    const [, behind] = await Promise.all([
      kernel.execute(`throw new Error("go on")`, { stop_on_error: false }),
      kernel.execute(`console.log("runs")`),
    ]);
    expect(streamText(behind.messages)).toBe("runs\n");
  });
});

describe("requests of panels", () => {
  test("a silent request publishes nothing and does not count", async () => {
    const before = await kernel.execute("1");
    const silent = await kernel.execute(`console.log("hidden"); 7`, { silent: true });
    const after = await kernel.execute("1");
    expect(silent.messages).toEqual([]);
    expect(silent.reply["status"]).toBe("ok");
    expect(after.reply["execution_count"]).toBe(Number(before.reply["execution_count"]) + 1);
  });

  test("store_history off publishes but does not count", async () => {
    const before = await kernel.execute("1");
    const aside = await kernel.execute(`console.log("aside")`, { store_history: false });
    const after = await kernel.execute("1");
    expect(streamText(aside.messages)).toBe("aside\n");
    expect(after.reply["execution_count"]).toBe(Number(before.reply["execution_count"]) + 1);
  });

  test("a silent request that fails tells its sender and aborts nobody", async () => {
    const [failed, cell] = await Promise.all([
      kernel.execute(`throw new Error("panel")`, { silent: true }),
      kernel.execute(`console.log("mine")`),
    ]);
    expect(failed.reply).toMatchObject({ status: "error", evalue: "panel" });
    expect(failed.messages).toEqual([]);
    expect(streamText(cell.messages)).toBe("mine\n");
  });

  test("each cell announces its source with its count", async () => {
    const { reply, messages } = await kernel.execute("const announced = 1;");
    expect(messages[0]).toEqual({
      type: "execute_input",
      content: { code: "const announced = 1;", execution_count: reply["execution_count"] },
    });
  });

  test("a completion during a running cell leaves the kernel busy", async () => {
    const running = kernel.execute(`setTimeout(() => console.log("on"), 50); await new Promise(() => {});`, {
      id: "running",
    });
    await published("running", text("on"));
    await kernel.complete("conso");
    await until(() => kernel.published.at(-1)?.parent === "running");
    expect(kernel.published.at(-1)?.content).toEqual({ execution_state: "busy" });
    kernel.interrupt();
    await running;
    await kernel.request("kernel_info_request");
    expect(kernel.published.at(-1)?.content).toEqual({ execution_state: "idle" });
  });
});

describe("comms", () => {
  test("a message goes to and fro while a cell awaits", async () => {
    await kernel.execute(`import { onComm } from "loomkit";
      onComm("echo", (comm, data) => {
        comm.send({ opened: data });
        comm.onMessage = (message) => { comm.send({ echo: message }); if (message === "end") (globalThis as any).release(); };
      });`);
    const cell = kernel.execute(
      `await new Promise<void>((r) => ((globalThis as any).release = r)); console.log("released")`,
      { id: "held" },
    );
    await published("held", (content) => "code" in content);
    const comm = await kernel.openComm("echo", { run: 1 });
    expect(await comm.next()).toEqual({ type: "comm_msg", data: { opened: { run: 1 } } });
    await comm.send("end");
    expect(await comm.next()).toEqual({ type: "comm_msg", data: { echo: "end" } });
    expect(streamText((await cell).messages)).toBe("released\n");
  });

  test("the end of a message is told, and no front end shows the kernel busy for it", async () => {
    await kernel.execute(
      `import { onComm } from "loomkit"; onComm("quiet", (comm) => { comm.onMessage = () => undefined; });`,
    );
    const comm = await kernel.openComm("quiet");
    const before = kernel.published.length;
    await comm.send("hello");
    const states = kernel.published.slice(before).filter(({ type }) => type === "status");
    expect(states.map(({ content }) => content["execution_state"])).toEqual(["idle"]);
  });

  test("open comms are listed until they are closed, and the handler hears of it", async () => {
    await kernel.execute(
      `import { onComm } from "loomkit"; onComm("listed", (comm) => { comm.onClose = () => console.log("closed"); });`,
      { id: "registered" },
    );
    const comm = await kernel.openComm("listed");
    const listed = async () =>
      Object.values(
        (await kernel.request("comm_info_request", { target_name: "listed" })).reply["comms"] as object,
      );
    expect(await listed()).toEqual([{ target_name: "listed" }]);
    await comm.close();
    expect(await listed()).toEqual([]);
    await published("registered", text("closed"));
  });

  test("a comm that nobody answers is closed at once", async () => {
    const comm = await kernel.openComm("unknown");
    expect(await comm.next()).toEqual({ type: "comm_close", data: {} });
  });

  test("a message on a comm that was opened to an earlier process closes it", async () => {
    const comm = await kernel.openComm("unknown");
    await comm.next();
    await comm.send("still there?");
    expect(await comm.next()).toEqual({ type: "comm_close", data: {} });
  });

  test("a failing handler is reported under its cell and the kernel lives on", async () => {
    await kernel.execute(
      `import { onComm } from "loomkit"; onComm("broken", (comm) => { comm.onMessage = async () => { throw new Error("no such run"); }; });`,
      { id: "broken" },
    );
    const comm = await kernel.openComm("broken");
    await comm.send({});
    await published("broken", text("A comm handler failed: no such run"));
    expect((await kernel.execute("1")).reply["status"]).toBe("ok");
  });
});

describe("interrupts", () => {
  test("abort the running cell's signal, and the next cell runs", async () => {
    const cell = kernel.execute(
      `import { kernelSignal } from "loomkit"; const signal = kernelSignal(); setTimeout(() => console.log("on"), 50);
       signal.addEventListener("abort", () => console.log("told"));
       await new Promise(() => {});`,
      { id: "long" },
    );
    await published("long", text("on"));
    kernel.interrupt();
    const { reply } = await cell;
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    await published("long", text("told"));
    expect((await kernel.execute(`console.log("next")`)).reply["status"]).toBe("ok");
  });

  test("end a synchronous loop and abort its cell's signal", async () => {
    const cell = kernel.execute(
      `import { kernelSignal } from "loomkit"; const looping = kernelSignal(); console.log("on"); for (;;) {}`,
      { id: "loop" },
    );
    await published("loop", text("on"));
    kernel.interrupt();
    expect((await cell).reply).toMatchObject({ status: "error", ename: "Interrupted" });
  });

  test("leave background work of other cells alone while a cell runs, and reach it when none runs", async () => {
    await kernel.execute(
      `import { kernelSignal } from "loomkit"; const background = kernelSignal(); void new Promise((r) => setTimeout(r, 60_000));
       background.addEventListener("abort", () => console.log("background told"));`,
      { id: "background" },
    );
    const cell = kernel.execute(`setTimeout(() => console.log("on"), 50); await new Promise(() => {});`, {
      id: "foreground",
    });
    await published("foreground", text("on"));
    kernel.interrupt();
    await cell;
    expect(streamText((await kernel.execute("console.log(background.aborted)")).messages)).toBe("false\n");
    kernel.interrupt();
    await published("background", text("background told"));
  });
});

test("an interrupt does not kill a kernel in which a library handles SIGINT itself", async () => {
  await kernel.execute(`process.once("SIGINT", () => console.log("library told"));`, { id: "library" });
  const cell = kernel.execute(`setTimeout(() => console.log("on"), 50); await new Promise(() => {});`, {
    id: "after",
  });
  await published("after", text("on"));
  kernel.interrupt();
  expect((await cell).reply).toMatchObject({ ename: "Interrupted" });
  await until(() => kernel.published.some(({ content }) => content["text"] === "library told\n"));
});

describe("top-level await", () => {
  test.each([
    ["await (", `const got = await (async () => 5)(); console.log(got)`, "5\n"],
    [
      "a lone for await",
      `for await (const x of (async function* () { yield 1; yield 2; })()) console.log(x)`,
      "1\n2\n",
    ],
    [
      "await ( beside an import",
      `import fs from "fs"; console.log(await (Promise.resolve(typeof fs.readFile)))`,
      "function\n",
    ],
  ])("%s works", async (_, code, printed) => {
    const { reply, messages } = await kernel.execute(code);
    expect(reply).toMatchObject({ status: "ok" });
    expect(streamText(messages)).toBe(printed);
  });

  test("a type error beside it keeps its column", async () => {
    const { reply } = await kernel.execute(`const col: number = "x"; await (Promise.resolve(1));`);
    expect((reply["traceback"] as string[])[1]).toMatch(/^1:7 - /);
  });
});

describe("the editor", () => {
  test("completes an import and shows its doc comment", async () => {
    expect(await kernel.complete(`import { openL`)).toEqual([]);
    await kernel.execute(`import { openLab } from "loomkit"`);
    expect(await kernel.complete("openL")).toContain("openLab");
    expect(await kernel.inspect("openLab()", 3)).toContain("Opens a dataset for work in a notebook.");
  });

  test("completes behind characters outside the basic plane", async () => {
    const code = `const 𝑥 = "𝔉𝔦𝔤"; openL`;
    const { reply } = await kernel.request("complete_request", { code, cursor_pos: Array.from(code).length });
    expect(reply["matches"]).toContain("openLab");
    expect([reply["cursor_start"], reply["cursor_end"]]).toEqual([17, 22]);
  });

  test("is told to highlight TypeScript", async () => {
    const { reply } = await kernel.request("kernel_info_request");
    expect(reply).toMatchObject({
      status: "ok",
      language_info: { name: "typescript", codemirror_mode: "typescript", pygments_lexer: "typescript" },
    });
  });

  test("an unknown request is named on the terminal and harms nothing", async () => {
    void kernel.request("weather_request");
    expect((await kernel.execute("1")).reply["status"]).toBe("ok");
    expect(kernel.terminal()).toContain(`no answer to "weather_request"`);
  });
});
