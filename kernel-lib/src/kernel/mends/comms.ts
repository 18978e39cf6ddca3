import { errorText } from "../../errors.js";
import type { Comm } from "../comms.js";
import { targetNamed } from "../services.js";
import { kernelState, type RunningCell } from "../state.js";
import type { Request } from "./protocol.js";

/**
 * Mends comms. Stock tslab says "unknown msg_type" to comm messages and answers comm_info_request with a
 * complete_reply, so a panel could only send execute requests, which wait behind the running cell. Comm messages are
 * handled as they arrive, also while a cell awaits.
 */
export const commAnswers = {
  comm_open({ message, publish }: Request): void {
    const { comm_id: id, target_name: name, data } = message.content as Record<string, string>;
    const target = targetNamed(String(name));
    if (!target || !id) return publish("comm_close", { comm_id: id, data: {} });
    const comm = openComm(id, String(name), publish);
    kernelState.comms.set(id, comm);
    handle(target.cell, () => target.open(comm, data));
  },

  comm_msg({ message, publish }: Request): void {
    const id = String(message.content["comm_id"]);
    const comm = kernelState.comms.get(id);
    if (comm) handle(ownerOf(comm), () => comm.onMessage?.(message.content["data"]));
    // Opened to the process before this one, when another page restarted the kernel.
    else publish("comm_close", { comm_id: id, data: {} });
  },

  comm_close({ message }: Request): void {
    const id = String(message.content["comm_id"]);
    const comm = kernelState.comms.get(id);
    if (!kernelState.comms.delete(id) || !comm) return;
    handle(ownerOf(comm), () => comm.onClose?.(message.content["data"]));
  },

  comm_info_request({ message }: Request): object {
    const wanted = message.content["target_name"];
    const open = [...kernelState.comms.values()].filter(({ target }) => !wanted || target === wanted);
    return {
      status: "ok",
      comms: Object.fromEntries(open.map(({ id, target }) => [id, { target_name: target }])),
    };
  },
};

function openComm(id: string, target: string, publish: Request["publish"]): Comm {
  const isOpen = () => kernelState.comms.has(id);
  return {
    id,
    target,
    send(data) {
      if (isOpen()) publish("comm_msg", { comm_id: id, data: data ?? {} });
    },
    close(data) {
      if (!isOpen()) return;
      kernelState.comms.delete(id);
      publish("comm_close", { comm_id: id, data: data ?? {} });
    },
  };
}

function ownerOf(comm: Comm): RunningCell | undefined {
  return kernelState.targets.get(comm.target)?.cell;
}

/** Runs a handler as part of the cell that registered it; what it throws, now or later, ends nothing else. */
function handle(cell: RunningCell | undefined, handler: () => void | Promise<void>): void {
  const report = (error: unknown) => console.error(`A comm handler failed: ${errorText(error)}`);
  const run = async () => {
    try {
      await handler();
    } catch (error) {
      report(error);
    }
  };
  void (cell ? kernelState.cells.run(cell, run) : kernelState.cells.exit(run));
}
