import { randomUUID } from "node:crypto";
import { errorText } from "../../errors.js";
import { newHeader, readMessage, writeMessage, type Message } from "../wire.js";
import { commAnswers } from "./comms.js";
import { completeAt, inspectAt } from "./cursor.js";
import { Execution } from "./execution.js";
import { mendInterrupt } from "./interrupt.js";
import { kernelInfo } from "./language.js";
import type { Server, Socket, Tslab } from "./tslab.js";

/** A message from the front end, with the way to publish messages that belong to it. */
export interface Request {
  message: Message;
  publish(type: string, content: object): void;
}

/** Makes the content of a reply; nothing for messages that have none. */
type Answer = (request: Request) => object | void | Promise<object>;

/**
 * Views send many of these while somebody scrolls, and JupyterLab draws its toolbars and its icon anew whenever the
 * kernel's status changes: of them only the end is told, which front ends wait for.
 */
const SWIFT = "comm_msg";

/** How long background work may hold the process up after a shutdown. */
const EXIT_MS = 500;

const terminal = process.stderr.write.bind(process.stderr);

/**
 * Mends the conversation with the front end. Stock tslab does not answer some requests at all, leaves others without
 * a status, and when a completion ends during a running cell it publishes `idle`, so the kernel looked free.
 */
class Protocol {
  readonly #session = randomUUID();
  readonly #execution: Execution;
  readonly #answers: Record<string, Answer>;
  #status = "idle";

  constructor(
    private readonly server: Server,
    tslab: Tslab,
  ) {
    const { handler } = server;
    this.#execution = new Execution(handler.executor, tslab.typescript, (request) => {
      if (this.#status !== "busy") this.#publishStatus("busy", request);
    });
    mendInterrupt(() => this.#execution.running?.cell);
    this.#answers = {
      ...commAnswers,
      execute_request: (request) => this.#execution.answer(request),
      complete_request: ({ message }) => completeAt(handler, message.content),
      inspect_request: ({ message }) => inspectAt(handler, message.content),
      is_complete_request: ({ message }) => handler.handleIsComplete(message.content),
      kernel_info_request: () => kernelInfo(handler, tslab),
      history_request: () => ({ status: "ok", history: [] }),
      interrupt_request: () => {
        process.emit("SIGINT");
        return { status: "ok" };
      },
      shutdown_request: ({ message }) => ({ status: "ok", restart: message.content["restart"] === true }),
    };
  }

  /** Takes one message from the shell or control socket and sends what belongs to it. */
  async receive(socket: Socket, frames: Buffer[]): Promise<void> {
    const message = this.#read(frames);
    if (!message) return;
    const type = message.header.msg_type;
    const request: Request = { message, publish: (kind, content) => this.#publish(message, kind, content) };
    if (type !== SWIFT) this.#publishStatus("busy", request);
    try {
      const content = await this.#answer(type, request);
      if (content) void this.#send(socket, message, type.replace(/request$/, "reply"), content);
    } finally {
      this.#publishStatus("idle", request);
      const { running } = this.#execution;
      if (running) this.#publishStatus("busy", running.request);
    }
    if (type === "shutdown_request") {
      this.server.close();
      setTimeout(() => process.exit(0), EXIT_MS).unref();
    }
  }

  async #answer(type: string, request: Request): Promise<object | void> {
    const answer = Object.hasOwn(this.#answers, type) ? this.#answers[type] : undefined;
    if (!answer) {
      terminal(`figloom kernel: no answer to ${JSON.stringify(type)}\n`);
      return;
    }
    try {
      return await answer(request);
    } catch (error) {
      terminal(`figloom kernel: ${type} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
      return { status: "error", ename: "KernelError", evalue: errorText(error), traceback: [] };
    }
  }

  #read(frames: Buffer[]): Message | null {
    try {
      return readMessage(frames, this.server.connInfo.key);
    } catch (error) {
      terminal(`figloom kernel: message left unread: ${errorText(error)}\n`);
      return null;
    }
  }

  #publishStatus(execution_state: "busy" | "idle", { publish }: Request): void {
    this.#status = execution_state;
    publish("status", { execution_state });
  }

  #publish({ header }: Message, type: string, content: object): void {
    const message = { header: newHeader(type, this.#session), parent: header, content };
    void this.server.iopub.send(writeMessage(message, this.server.connInfo.key));
  }

  #send(socket: Socket, { identities, header }: Message, type: string, content: object): Promise<void> {
    const message = { identities, header: newHeader(type, this.#session), parent: header, content };
    return socket.send(writeMessage(message, this.server.connInfo.key));
  }
}

/** Lets `Protocol` answer for every tslab server. */
export function mendProtocol(tslab: Tslab): void {
  const server = tslab.jupyter.ZmqServer.prototype;
  const init = server.init;
  server.init = function (this: Server) {
    const protocol = new Protocol(this, tslab);
    this.handleShellMessage = (socket, ...frames) => protocol.receive(socket, frames);
    return init.call(this);
  };
}
