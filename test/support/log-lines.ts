import type { TestApp } from "./app.ts";

/** What the app has logged, each line read as JSON. */
export function logLines(app: TestApp): object[] {
  return app
    .log()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Object(JSON.parse(line)));
}

/** What must never stand in a log: mailed codes and links, secrets of the environment, and whatever looks like an address or a card. */
export function tellsTooMuch(app: TestApp, addresses: readonly string[]): string[] {
  const log = app.log();
  const mailed = addresses.flatMap((address) => app.mail.to(address).flatMap(({ text }) => secretsIn(text)));
  const found = [...addresses, ...mailed, ...settingsOf(app)].filter((secret) => log.includes(secret));
  return [...found, ...(log.match(/[\w.+-]+@[\w-]+\.\w+|\b4242 ?4242\b|\bwhsec_\w+|\bsk_test_\w+/g) ?? [])];
}

/** Codes of eight digits, and the long parts of links. */
function secretsIn(text: string): string[] {
  return text.match(/\b\d{8}\b|(?<=[=/#])[\w-]{24,}/g) ?? [];
}

function settingsOf({ env }: TestApp): string[] {
  const { AUTH_SECRET, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, DATABASE_URL = "" } = env;
  const password = URL.parse(DATABASE_URL)?.password;
  return [AUTH_SECRET, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, password].flatMap((one) => one || []);
}
