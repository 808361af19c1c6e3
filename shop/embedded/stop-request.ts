export type StopRequest = {
  /** Aborted when somebody asked this process to stop. */
  signal: AbortSignal;
  /** Settles at the same moment. */
  requested: Promise<void>;
};

/**
 * Listens for everything that means "stop": Ctrl-C, a supervisor, a closed terminal, and the death of the process that
 * started us over IPC. The first one counts; stopping takes a bounded time, so there is no second, rougher way.
 */
export function listenForStop(): StopRequest {
  const controller = new AbortController();
  const requested = new Promise<void>((resolve) => {
    const stop = () => {
      controller.abort();
      resolve();
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
    process.on("disconnect", stop);
    if (process.send && !process.connected) stop();
  });
  return { signal: controller.signal, requested };
}
