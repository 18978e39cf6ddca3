import type { PublisherSocket, Tslab } from "./tslab.js";

/**
 * Mends lost messages.
 *
 * zeromq.js takes 512 sends in one turn of the event loop, then throws EBUSY until the next turn, and tslab does not
 * look: of 3000 `console.log` in one cell 508 arrived, the final `idle` was lost and JupyterLab waited for ever. A
 * publisher also drops silently above its high-water mark (1000). A send timeout of 0 makes zeromq.js hand every
 * message over at once; a high-water mark of 0 lets them queue in memory until the front end has read them.
 *
 * Both must be set before the socket is bound, so the property that tslab assigns it to is watched.
 */
export function mendIopub({ jupyter }: Tslab): void {
  const sockets = new WeakMap<object, PublisherSocket>();
  Object.defineProperty(jupyter.ZmqServer.prototype, "iopub", {
    configurable: true,
    get(this: object) {
      return sockets.get(this);
    },
    set(this: object, socket: PublisherSocket) {
      socket.sendHighWaterMark = 0;
      socket.sendTimeout = 0;
      sockets.set(this, socket);
    },
  });
}
