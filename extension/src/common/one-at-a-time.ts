/** Work that never runs twice at a time: what is wanted while it runs is done once after it. */
export function oneAtATime(work: () => Promise<void>, signal: AbortSignal): () => Promise<void> {
  let [running, again] = [false, false];
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again && !signal.aborted) {
        again = false;
        await work();
      }
    } finally {
      running = false;
    }
  };
}
