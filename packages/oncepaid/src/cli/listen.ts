import { parseArgs } from "node:util";
import { type Command, UsageError } from "#/cli/command.ts";
import { type Heard, listen } from "#/listen/listen.ts";

export const LISTEN_USAGE = `  --forward-to <url>   send each event there, signed with the first webhook secret, in place of applying it here
`;

const ONLY_TEST =
  "This is a live key, and an endpoint is what live events are for: npx oncepaid doctor --fix makes one.";
const READY = "Ready. What happens at the account from now on arrives within two seconds. Ctrl-C stops it.";

/** For a developer's machine without a public address: what happens at the test account is taken from Stripe's list of events. */
export const listenCommand: Command = async ({ engine, stop, print, printError }, args) => {
  const { values } = parseArgs({ args, options: { "forward-to": { type: "string" } } });
  const forwardTo = urlOf(values["forward-to"]);
  if (engine.settings.stripe.mode === "live") {
    printError(ONLY_TEST);
    return 1;
  }
  // A problem that lasts is told once.
  let last = "";
  const onEvent = (heard: Heard) => {
    last = "";
    print(linesOf(heard, new Date()));
  };
  const onProblem = (problem: string) => {
    if (problem !== last) printError(`${problem}; it is tried again.`);
    last = problem;
  };
  await listen(engine, { forwardTo, stop, onEvent, onProblem }, () => print(READY));
  return 0;
};

function urlOf(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  // Stripe's CLI takes localhost:3000/… too.
  const url = URL.parse(/^https?:/.test(text) ? text : `http://${text}`);
  if (url && url.hostname !== "") return url;
  throw new UsageError(
    `--forward-to: "${text}" is no address; for example localhost:3000/api/stripe/webhook.`,
  );
}

/** As `stripe listen` writes them. */
function linesOf({ id, type, result }: Heard, at: Date): string {
  const time = at.toISOString().slice(0, 19).replace("T", " ");
  return `${time}   --> ${type} [${id}]\n${time}  <--  ${result} [${id}]`;
}
