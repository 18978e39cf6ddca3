// @vitest-environment jsdom
import "./setup.js";
import type { KernelSpec, Session } from "@jupyterlab/services";
import { Signal } from "@lumino/signaling";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BackgroundKernel } from "../../../extension/src/common/background.js";
import { CommKernelDouble } from "../../support/comm-kernel.js";

/** A server's sessions, as many pages see them. */
class Sessions {
  readonly ready = Promise.resolve();
  readonly running = new Map<string, Session.ISessionConnection>();
  readonly started: object[] = [];
  fails: string | null = null;

  async findByPath(path: string) {
    return this.running.has(path) ? { path } : undefined;
  }
  connectTo({ model }: { model: { path: string } }) {
    return this.running.get(model.path);
  }
  async startNew(options: { path: string }) {
    if (this.fails !== null) throw new Error(this.fails);
    this.started.push(options);
    const session = {
      kernel: new CommKernelDouble(),
      disposed: new Signal<object, void>(this),
      kernelChanged: new Signal<object, void>(this),
      shutdown: async () => {
        this.running.delete(options.path);
        session.disposed.emit();
      },
    };
    this.running.set(options.path, session as never);
    return session;
  }
}

const GRACE = 10 * 60_000;
let sessions: Sessions;
let specs: object;

beforeEach(() => {
  vi.useFakeTimers();
  sessions = new Sessions();
  specs = { figloom: {} };
});
afterEach(() => void vi.useRealTimers());

async function kernel(page = "default"): Promise<BackgroundKernel> {
  const manager = { ready: Promise.resolve(), specs: { kernelspecs: specs } };
  const background = new BackgroundKernel(
    sessions as unknown as Session.IManager,
    manager as unknown as KernelSpec.IManager,
    page,
  );
  await vi.advanceTimersByTimeAsync(0);
  return background;
}
async function wanted(background: BackgroundKernel): Promise<void> {
  background.want();
  await vi.advanceTimersByTimeAsync(0);
}

test("starts with the first question, once, in the server's root folder", async () => {
  const background = await kernel();
  background.use(new AbortController().signal);
  expect([sessions.started.length, background.kernel, background.absence]).toEqual([0, null, null]);
  background.want();
  await wanted(background);
  expect(sessions.started).toEqual([
    expect.objectContaining({ path: "figloom-views-default", kernel: { name: "figloom" } }),
  ]);
  expect(background.kernel).not.toBeNull();
});

test("is found again after a reload, and not taken by another page", async () => {
  const before = await kernel();
  before.use(new AbortController().signal);
  await wanted(before);
  const after = await kernel();
  expect(after.kernel).toBe(before.kernel);
  expect((await kernel("other")).kernel).toBeNull();
});

test("ends some time after its last user, not while one is there", async () => {
  const background = await kernel();
  const [one, two] = [new AbortController(), new AbortController()];
  background.use(one.signal);
  background.use(two.signal);
  await wanted(background);
  one.abort();
  await vi.advanceTimersByTimeAsync(GRACE);
  expect(background.kernel).not.toBeNull();
  two.abort();
  background.use(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(GRACE);
  expect(background.kernel).not.toBeNull();
});

test("ends when nobody is left, and starts again with the next question", async () => {
  const background = await kernel();
  const user = new AbortController();
  background.use(user.signal);
  await wanted(background);
  user.abort();
  await vi.advanceTimersByTimeAsync(GRACE);
  expect([sessions.running.size, background.kernel]).toEqual([0, null]);
  expect(background.absence).toMatch(/starts again/);
  await wanted(background);
  expect(background.kernel).not.toBeNull();
});

test("one that an earlier visit left behind ends when nobody uses it", async () => {
  const before = await kernel();
  before.use(new AbortController().signal);
  await wanted(before);
  await kernel();
  await vi.advanceTimersByTimeAsync(GRACE);
  expect(sessions.running.size).toBe(0);
});

test("says what to do when Jupyter does not know the kernel, and why one did not start", async () => {
  specs = {};
  const background = await kernel();
  await wanted(background);
  expect(background.absence).toMatch(/npx figloom kernel install/);
  specs = { figloom: {} };
  sessions.fails = "out of memory";
  const other = await kernel();
  await wanted(other);
  expect(other.absence).toMatch(/did not start: out of memory/);
});
