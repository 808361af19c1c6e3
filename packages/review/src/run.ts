import { reviewCommand } from "./command.ts";

/** The command of this process: its arguments, the folder it was called from, its screen. */
process.exitCode = reviewCommand(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd(), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  color: process.stdout.isTTY && !process.env.NO_COLOR,
});
// The channel to the process that started this one would keep it.
process.disconnect?.();
