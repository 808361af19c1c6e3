import { reviewCommand } from "../src/command.ts";

/** `npm run review [-- PATH] [--format text|json|sarif] [--output FILE]`: what can go wrong in somebody's Stripe code. */
process.exitCode = reviewCommand(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd(), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  color: process.stdout.isTTY && !process.env.NO_COLOR,
});
// The bootstrap's channel would keep this process.
process.disconnect?.();
