import type { Page } from "playwright-core";
import { DRAWN_PICTURE } from "../../support/pictures.js";

/** What the bench sees from inside the page. Times are the page's own milliseconds. */
export interface Eyes {
  /**
   * Begins to note when views arrive, when keys are pressed, and what is said to the kernel.
   * @returns whether there is a kernel yet
   */
  open(): boolean;
  /** When the last output with a view of figloom's arrived. */
  arrived: number;
  /** When a key was last pressed, the pointer moved or the wheel turned, as the browser says. */
  acted: number;
  /** Questions on comms: when each was sent and answered. */
  asked: { method: string; sent: number; answered: number }[];
  /**
   * Waits until every tile in sight has its picture, decoded, and the frame that shows them was drawn.
   * @param row one that must be among them, from 1
   */
  pictured(gallery: number, row?: number): Promise<number>;
  /** Waits until a condition holds in a frame, and that frame was drawn. */
  drawn(holds: () => boolean): Promise<number>;
  /** Keeps what is waited for, so that it is being waited for before something is done; and gives it after. */
  wait(until: Promise<number>): void;
  waited(): Promise<number>;
  /** Begins to note the lengths of frames; and gives them. */
  watchFrames(): void;
  framesWatched(): number[];
}

/** What the bench uses of JupyterLab's own objects. */
interface LabWindow {
  jupyterapp: { shell: { currentWidget?: { sessionContext?: { session?: { kernel?: Kernel } } } } };
}
interface Kernel {
  anyMessage: { connect(slot: (sender: unknown, about: Message) => void): void };
}
interface Message {
  direction: "send" | "recv";
  msg: {
    header: { msg_type: string };
    content: { data?: { id?: number; ask?: string } & Record<string, unknown> };
  };
}

declare global {
  var eyes: Eyes;
}

/** Opens eyes in the page, on the notebook that is in front, once it has its kernel. */
export async function lookAt(page: Page): Promise<void> {
  await page.evaluate(makeEyes, DRAWN_PICTURE);
  await page.waitForFunction(() => eyes.open(), null, { timeout: 120_000 });
}

/** Runs in the page: names nothing from outside of itself. */
function makeEyes(drawnPicture: string): void {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  /** In a frame: when it was drawn. */
  const painted = () =>
    new Promise<number>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  /** Something that does not come fails the bench in place of holding it up. */
  const givesUp = () => {
    const end = performance.now() + 300_000;
    return (now: number) => {
      if (now > end) throw new Error("What was waited for did not show within five minutes.");
    };
  };
  const inside = (node: Element, of: Element) => {
    const [a, b] = [node.getBoundingClientRect(), of.getBoundingClientRect()];
    const [top, bottom] = [Math.max(0, b.top), Math.min(innerHeight, b.bottom)];
    return a.bottom > top + 1 && a.top < bottom - 1;
  };
  const inSight = (gallery: number) => {
    const root = document.querySelectorAll(".jp-NotebookPanel .figloom-gallery")[gallery];
    const scroller = root?.querySelector(".figloom-scroller");
    if (!scroller) return [];
    return [...scroller.querySelectorAll<HTMLElement>(".figloom-tile:not([hidden])")].filter((tile) =>
      inside(tile, scroller),
    );
  };

  const frontKernel = () =>
    (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
  let waiting: Promise<number>;
  let frames: number[] = [];

  globalThis.eyes = {
    arrived: NaN,
    acted: NaN,
    asked: [],

    open() {
      const kernel = frontKernel();
      if (!kernel) return false;
      const open = new Map<number, Eyes["asked"][number]>();
      kernel.anyMessage.connect((_, { direction, msg }) => {
        const { data } = msg.content;
        const now = performance.now();
        if (msg.header.msg_type === "display_data") {
          if (Object.keys(data ?? {}).some((type) => type.startsWith("application/vnd.figloom.")))
            eyes.arrived = now;
        } else if (msg.header.msg_type === "comm_msg" && data?.id !== undefined) {
          if (direction === "send") {
            const asked = { method: String(data.ask), sent: now, answered: NaN };
            open.set(data.id, asked);
            eyes.asked.push(asked);
          } else {
            const asked = open.get(data.id);
            if (asked) asked.answered = now;
          }
        }
      });
      for (const type of ["keydown", "pointermove", "wheel"])
        document.addEventListener(type, ({ timeStamp }) => (eyes.acted = timeStamp), { capture: true });
      return true;
    },

    async pictured(gallery, row) {
      const check = givesUp();
      for (;;) {
        check(await frame());
        const tiles = inSight(gallery);
        const there =
          tiles.length > 0 &&
          tiles.every((tile) => tile.querySelector(drawnPicture)) &&
          (row === undefined || tiles.some((tile) => tile.getAttribute("aria-posinset") === String(row)));
        if (there) return painted();
      }
    },

    async drawn(holds) {
      const check = givesUp();
      do check(await frame());
      while (!holds());
      return painted();
    },

    wait(until) {
      waiting = until;
    },

    waited: () => waiting,

    watchFrames() {
      const lengths: number[] = (frames = []);
      let last: number | null = null;
      const next = (now: number) => {
        if (last !== null) lengths.push(now - last);
        last = now;
        if (frames === lengths) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },

    framesWatched() {
      const lengths = frames;
      frames = [];
      return lengths;
    },
  };
}
