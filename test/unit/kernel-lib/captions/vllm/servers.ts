/** Servers for tests of the client, on a port of this machine. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from "node:net";

const open: { server: Server | TcpServer; sockets: Set<Socket> }[] = [];

async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves HTTP; its base URL. */
export const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

/** Serves bytes: the listener gets each connection. Its base URL. */
export const serveBytes = (listener: (socket: Socket) => void): Promise<string> =>
  listen(createTcpServer(listener));

/** To be called after each test. */
export async function closeServers(): Promise<void> {
  const closing = open.splice(0).map(({ server, sockets }) => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    return closed;
  });
  await Promise.all(closing);
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A promise that is kept from outside. */
export function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((kept) => {
    resolve = kept;
  });
  return { promise, resolve };
}
