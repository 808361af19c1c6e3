const TERMINAL_INTERVAL_MS = 1000;
/** Where lines can't be rewritten (CI, a log file), fewer of them. */
const LINE_INTERVAL_MS = 10_000;

/** Shows "title… 12 s" until it is ended, then "done in 12 s" when there is something to say. */
export function showProgress(title) {
  const { stdout } = process;
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const show = () =>
    stdout.write(stdout.isTTY ? `\r\x1b[K${title}… ${seconds()} s` : `${title}… ${seconds()} s\n`);
  stdout.write(stdout.isTTY ? `${title}…` : `${title}…\n`);
  const timer = setInterval(show, stdout.isTTY ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS);
  return {
    end(done) {
      clearInterval(timer);
      if (stdout.isTTY) stdout.write("\r\x1b[K");
      if (done) stdout.write(`${done} in ${seconds()} s.\n`);
    },
  };
}
