// @vitest-environment jsdom
import "./setup.js";
import { Signal } from "@lumino/signaling";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Links } from "../../../extension/src/common/links.js";
import type { CommKernel, KernelSource } from "../../../extension/src/common/kernel-source.js";
import { ConfigurationError } from "../../../kernel-lib/src/errors.js";
import { answerOn, type Emit } from "../../../kernel-lib/src/kernel/answer.js";
import { kernelState } from "../../../kernel-lib/src/kernel/state.js";
import type { Link, LinkState } from "../../../kernel-lib/src/views/link.js";
import { CommKernelDouble } from "../../support/comm-kernel.js";

interface Sums {
  add(argument: { a: number; b: number }): number;
  never(argument: object): number;
  refuse(argument: object): number;
  break(argument: object): number;
}
interface SumEvents {
  added: number;
}
type SumLink = Link<Sums, SumEvents>;

class Source implements KernelSource {
  kernel: CommKernel | null;
  absence: string | null = null;
  wanted = 0;
  readonly changed = new Signal<this, void>(this);
  constructor(kernel: CommKernelDouble | null) {
    this.kernel = kernel?.connection ?? null;
  }
  want(): void {
    this.wanted++;
  }
  become(kernel: CommKernelDouble | null, absence: string | null = null): void {
    this.kernel = kernel?.connection ?? null;
    this.absence = absence;
    this.changed.emit();
  }
}

const TARGET = "sums";
let kernel: CommKernelDouble;
let source: Source;
let links: Links;
let emits: Emit<SumEvents>[];
let begun: number;
let cancelled: number;
let closed: number;
let stop: () => void;

beforeEach(() => {
  [emits, begun, cancelled, closed] = [[], 0, 0, 0];
  stop = answerOn<Sums, SumEvents>(TARGET, (_about, emit) => {
    emits.push(emit);
    return {
      handlers: {
        add: ({ a, b }) => a + b,
        never: (_argument, { signal }) =>
          new Promise((_resolve, reject) => {
            begun++;
            signal.addEventListener("abort", () => (cancelled++, reject(signal.reason as Error)));
          }),
        refuse: () => {
          throw new ConfigurationError("Name another figure.");
        },
        break: () => {
          throw new Error("lost count");
        },
      },
      close: () => void closed++,
    };
  });
  kernel = new CommKernelDouble();
  source = new Source(kernel);
  links = new Links(source);
});
afterEach(() => {
  vi.useRealTimers();
  stop();
});

function connect(signal = new AbortController().signal, about: object = {}): SumLink {
  return links.connect<Sums, SumEvents>(TARGET, about, signal);
}
const becomes = (link: SumLink, state: LinkState) => vi.waitUntil(() => link.state === state);
const opened = (of = kernel) => of.told.filter(({ type }) => type === "comm_open").length;

describe("questions", () => {
  test("are answered, also those asked before the kernel said a word", async () => {
    const link = connect();
    expect(link.state).toBe("connecting");
    expect(await link.ask("add", { a: 1, b: 2 })).toBe(3);
    expect(link.state).toBe("live");
  });

  test("are rejected with what the kernel says against them, by kind", async () => {
    const link = connect();
    await expect(link.ask("refuse", {})).rejects.toMatchObject({
      name: "LinkError",
      kind: "configuration",
      message: "Name another figure.",
    });
    await expect(link.ask("break", {})).rejects.toMatchObject({ kind: "defect" });
    await expect(link.ask("unheard" as "add", { a: 1, b: 1 })).rejects.toMatchObject({ kind: "defect" });
  });

  test("that are withdrawn end at once, here and in the kernel", async () => {
    const link = connect();
    await becomes(link, "live");
    const controller = new AbortController();
    const answer = link.ask("never", {}, controller.signal);
    await vi.waitUntil(() => begun === 1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: "gone" });
    await vi.waitUntil(() => cancelled === 1);
  });

  test("that are withdrawn while connecting never reach the kernel", async () => {
    kernel.status = "starting";
    const link = connect();
    const controller = new AbortController();
    const answer = link.ask("add", { a: 1, b: 1 }, controller.signal);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: "gone" });
    kernel.become("idle");
    await becomes(link, "live");
    expect(kernel.told.map(({ type }) => type)).toEqual(["comm_open"]);
  });

  test("end with the drawing that asked them", async () => {
    const drawing = new AbortController();
    const link = connect(drawing.signal);
    await becomes(link, "live");
    const answer = link.ask("never", {});
    await vi.waitUntil(() => begun === 1);
    drawing.abort();
    await expect(answer).rejects.toMatchObject({ kind: "gone" });
    await vi.waitUntil(() => cancelled === 1);
  });
});

describe("a line", () => {
  test("is shared by who asks the same service about the same thing, and closed after the last of them", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const [one, two] = [new AbortController(), new AbortController()];
    const [first, second] = [connect(one.signal), connect(two.signal)];
    connect(undefined, { other: true });
    await becomes(first, "live");
    expect(second.state).toBe("live");
    expect(opened()).toBe(2);
    one.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await second.ask("add", { a: 2, b: 2 })).toBe(4);
    expect(closed).toBe(0);
    two.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closed).toBe(1);
  });

  test("outlives a drawing that is replaced by another", async () => {
    const one = new AbortController();
    await becomes(connect(one.signal), "live");
    one.abort();
    expect(await connect().ask("add", { a: 2, b: 3 })).toBe(5);
    expect(opened()).toBe(1);
  });

  test("brings events to who listens, until they end it or their drawing ends", async () => {
    const drawing = new AbortController();
    const [link, other] = [connect(drawing.signal), connect()];
    const [heard, also]: [number[], number[]] = [[], []];
    link.on("added", (sum) => heard.push(sum));
    const end = other.on("added", (sum) => also.push(sum));
    await becomes(link, "live");
    emits[0]!("added", 1);
    await vi.waitUntil(() => also.length === 1);
    drawing.abort();
    emits[0]!("added", 2);
    await vi.waitUntil(() => also.length === 2);
    expect(heard).toEqual([1]);
    end();
    emits[0]!("added", 3);
    await other.ask("add", { a: 0, b: 0 });
    expect(also).toEqual([1, 2]);
  });
});

describe("when the kernel goes away", () => {
  test("a restart rejects what was asked, and brings a new line for what is asked then", async () => {
    const link = connect();
    await becomes(link, "live");
    const states: LinkState[] = [];
    link.onState((state) => states.push(state));
    const lost = link.ask("never", {});
    kernel.become("autorestarting");
    await expect(lost).rejects.toMatchObject({ kind: "gone", message: expect.stringMatching(/went away/) });
    const waiting = link.ask("add", { a: 4, b: 4 });
    kernel.restart();
    expect(await waiting).toBe(8);
    expect(states).toEqual(["connecting", "live"]);
  });

  test("a lost and found connection brings a new line", async () => {
    const link = connect();
    await becomes(link, "live");
    kernel.connectionBecomes("connecting");
    expect(link.state).toBe("connecting");
    kernel.connectionBecomes("connected");
    kernel.become("idle");
    await becomes(link, "live");
    expect(opened()).toBe(2);
    expect(closed).toBe(1);
  });

  test("a connection that is given up is gone, until there is one again", async () => {
    const link = connect();
    await becomes(link, "live");
    kernel.connectionBecomes("disconnected");
    expect(link.state).toBe("gone");
    await expect(link.ask("add", { a: 1, b: 1 })).rejects.toThrow(/connection to the kernel is lost/);
    kernel.connectionBecomes("connected");
    await becomes(link, "live");
  });

  test("a kernel that dies is gone, and one that takes its place answers", async () => {
    const link = connect();
    await becomes(link, "live");
    const lost = link.ask("never", {});
    kernel.die();
    await expect(lost).rejects.toMatchObject({ kind: "gone" });
    expect(link.state).toBe("gone");
    source.become(null, "No kernel is running.");
    await expect(link.ask("add", { a: 1, b: 1 })).rejects.toThrow("No kernel is running.");
    const next = new CommKernelDouble();
    source.become(next);
    await becomes(link, "live");
    expect(await link.ask("add", { a: 1, b: 1 })).toBe(2);
    expect(opened(next)).toBe(1);
  });

  test("a restart that nobody told this page of shows at the next question", async () => {
    const link = connect();
    await becomes(link, "live");
    kernelState.comms.clear();
    await expect(link.ask("add", { a: 1, b: 1 })).rejects.toMatchObject({ kind: "gone" });
    expect(await link.ask("add", { a: 1, b: 1 })).toBe(2);
  });

  test("a switch to another kernel closes the line to the first", async () => {
    const link = connect();
    await becomes(link, "live");
    source.become(new CommKernelDouble());
    expect(link.state).toBe("connecting");
    await becomes(link, "live");
    expect(closed).toBe(1);
  });
});

describe("a kernel that is none of ours", () => {
  test("closes the comm at once: gone, with what to do, until it is restarted as one of ours", async () => {
    stop();
    const link = connect();
    await becomes(link, "gone");
    await expect(link.ask("add", { a: 1, b: 1 })).rejects.toMatchObject({
      kind: "gone",
      message: expect.stringMatching(/Change to the kernel/),
    });
    kernel.become("busy");
    kernel.become("idle");
    expect(opened()).toBe(1);
    stop = answerOn<Sums>(TARGET, () => ({ handlers: { add: () => 7 } as never }));
    kernel.restart();
    await becomes(link, "live");
    expect(await link.ask("add", { a: 1, b: 1 })).toBe(7);
  });

  test("says nothing at all: gone after some attempts, but not while it is busy", async () => {
    vi.useFakeTimers();
    const silent = new CommKernelDouble(false);
    silent.status = "busy";
    source.become(silent);
    const link = connect();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(link.state).toBe("connecting");
    silent.become("idle");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.state).toBe("gone");
    expect(opened(silent)).toBeGreaterThanOrEqual(3);
  });

  test("says nothing until it has started, later than anyone waits: then it answers", async () => {
    vi.useFakeTimers();
    const slow = new CommKernelDouble(false);
    slow.status = "unknown";
    source.become(slow);
    const link = connect();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(link.state).toBe("gone");
    slow.hears = true;
    slow.become("idle");
    await vi.advanceTimersByTimeAsync(100);
    expect(link.state).toBe("live");
    expect(await link.ask("add", { a: 1, b: 2 })).toBe(3);
  });

  test("says nothing, and its status stays: tried again every half a minute", async () => {
    vi.useFakeTimers();
    const slow = new CommKernelDouble(false);
    source.become(slow);
    const link = connect();
    const states: LinkState[] = [];
    link.onState((state) => states.push(state));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states).toEqual(["gone"]);
    slow.hears = true;
    await vi.advanceTimersByTimeAsync(35_000);
    expect(states).toEqual(["gone", "live"]);
  });
});

test("a source is told that somebody asks, and questions wait for its kernel", async () => {
  source.become(null);
  const link = connect();
  expect([link.state, source.wanted]).toEqual(["connecting", 0]);
  const answer = link.ask("add", { a: 5, b: 5 });
  expect(source.wanted).toBe(1);
  source.become(kernel);
  expect(await answer).toBe(10);
});
