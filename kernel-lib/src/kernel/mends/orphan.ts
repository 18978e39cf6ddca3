const INTERVAL_MS = 1000;

/**
 * Mends orphans: a stock tslab kernel lives on when the Jupyter that started it was killed. Jupyter passes its
 * process id to kernels that shall not outlive it; where it does not, nothing is watched.
 */
export function mendOrphan(environment: NodeJS.ProcessEnv = process.env): void {
  const jupyter = Number(environment["JPY_PARENT_PID"]);
  if (!Number.isInteger(jupyter) || jupyter <= 1) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !isAlive(jupyter)) process.exit(1);
  }, INTERVAL_MS).unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
