/** A worker that was started. It has a file of its own, so that the package's public types lead to none of pg-boss's. */
export type Worker = {
  /** Ends when what is at hand is done, or after a few seconds; the rest is done by others, or later. */
  stop: () => Promise<void>;
};
