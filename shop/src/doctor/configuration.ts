import { type Finding, fail, ok, warn } from "oncepaid/operations";
import { config, isLoopback } from "#/config.ts";

/** 32 hexadecimal digits are 128 bits, and a word repeated is not a secret. */
const STRONG_CHARACTERS = 32;
/** Different characters a made-up secret of that length has at least. */
const DIFFERENT_CHARACTERS = 12;

export async function checkConfiguration(): Promise<Finding[]> {
  const { appUrl, stripe, worker } = config();
  const findings: Finding[] = [];
  if (stripe.mode !== "sandbox" && isLoopback(appUrl)) {
    const todo =
      "Set APP_URL to the https address buyers use; on your own machine `npx stripe listen` stands in for deliveries.";
    const what = `APP_URL is ${appUrl}, which Stripe can't deliver to, with a real Stripe key.`;
    findings.push(stripe.mode === "live" ? fail(what, todo) : warn(what, todo));
  } else if (stripe.mode === "test" && !appUrl.startsWith("https://")) {
    findings.push(
      warn(
        `APP_URL is ${appUrl}, without https.`,
        "Serve it over https before going live; live mode refuses anything else.",
      ),
    );
  }
  if (process.env.NODE_ENV === "development") {
    findings.push(warn("NODE_ENV is development.", "Leave it out in production: `npm start` sets it."));
  }
  if (worker === "off") {
    findings.push(ok("WORKER is off here: `npm run worker` has to run elsewhere, which is looked at below."));
  }
  return findings.length > 0 ? findings : [ok(`${appUrl}, Stripe in ${stripe.mode} mode.`)];
}

export async function checkSecrets(): Promise<Finding[]> {
  const { authSecret, apiKeys, appUrl, stripe } = config();
  const findings: Finding[] = [];
  if (!isStrong(authSecret)) {
    findings.push(
      fail(
        "AUTH_SECRET is easy to guess; it signs every session cookie.",
        "Make another one with `openssl rand -hex 32`; everybody is signed out once.",
      ),
    );
  }
  if (apiKeys.some((key) => !isStrong(key))) {
    findings.push(
      fail(
        "API_KEYS holds a key that is easy to guess; each one may read and buy for everybody.",
        "Make each with `openssl rand -hex 32`.",
      ),
    );
  }
  if (new Set(apiKeys).size < apiKeys.length) {
    findings.push(
      warn(
        "API_KEYS names a key twice.",
        "Give each of your servers a key of its own, so that one can be taken away.",
      ),
    );
  }
  if (new Set(stripe.webhookSecrets).size > 2) {
    findings.push(
      warn(
        `STRIPE_WEBHOOK_SECRET holds ${stripe.webhookSecrets.length} secrets.`,
        "Two are enough while rotating: remove those that no endpoint signs with any more.",
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [ok(apiKeys.length === 0 ? `Strong; no API key for servers of yours at ${appUrl}.` : "Strong.")];
}

export async function checkAdmins(): Promise<Finding[]> {
  const { adminEmails, stripe } = config();
  if (adminEmails.length > 0) return [ok(`${adminEmails.length} may open /admin.`)];
  const what = "ADMIN_EMAILS is empty, so nobody can look at quarantined events or unfulfilled orders.";
  const todo = "Set ADMIN_EMAILS to the addresses of those who run the shop, comma separated.";
  return [
    stripe.mode === "sandbox"
      ? ok("ADMIN_EMAILS is empty, which is fine on one's own machine.")
      : warn(what, todo),
  ];
}

function isStrong(secret: string): boolean {
  return secret.length >= STRONG_CHARACTERS && new Set(secret).size >= DIFFERENT_CHARACTERS;
}
