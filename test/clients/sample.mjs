import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What the samples of stripe-samples have in common: a Node server of this address, which is told all else by its environment. */
export const SERVER = "http://127.0.0.1:4242";

const { SAMPLE, SANDBOX_PORT } = process.env;

export function sandboxClient() {
  const Stripe = createRequire(import.meta.url)("stripe");
  return new Stripe("sk_test_clients", {
    host: "127.0.0.1",
    port: Number(SANDBOX_PORT),
    protocol: "http",
  });
}

/** `pages`: where its pages are in `client`. It has no setting for the address of the API: what it requires as `stripe` is led to the sandbox. */
export function startSample(pages, more) {
  return fork(join(SAMPLE, "server", "node", "server.js"), {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      ...more,
      DOMAIN: SERVER,
      NODE_PATH: join(import.meta.dirname, "node_modules"),
      STATIC_DIR: join(SAMPLE, "client", pages),
      STRIPE_PUBLISHABLE_KEY: "pk_test_clients",
      STRIPE_SECRET_KEY: "sk_test_clients",
      STRIPE_WEBHOOK_SECRET: process.env.WEBHOOK_SECRET,
    },
    execArgv: ["--require", join(import.meta.dirname, "stripe-here.cjs")],
  });
}

export async function stopSample(server) {
  server.kill();
  await once(server, "exit");
}
