import { join } from "node:path";
import { createOncepaid } from "oncepaid";
import { messageOf } from "oncepaid/failure";
import { fillSandbox } from "oncepaid/operations";
import { withPictures } from "#/catalog/pictures.ts";
import { formerLookupKeys } from "#/catalog/price-variables.ts";
import { products } from "#/catalog/products.ts";
import { SANDBOX_SECRET_KEY } from "#/config.ts";
import { withoutSettings } from "./child-env.ts";
import { type NodeChild, startNodeChild } from "./node-child.ts";
import type { PartSetup } from "./part.ts";
import { PartError } from "./part-error.ts";
import { ROOT } from "./places.ts";
import { type NextPort, onFreePort } from "./ports.ts";
import { makePrivate } from "./private-folder.ts";

/** It keeps its state as it goes and has nothing to finish but an answer. */
const STOP_LIMIT_MS = 3_000;

/** The sandbox takes any key of this form. */
const PUBLISHABLE_KEY = "pk_test_sandbox";

export type SandboxOptions = {
  /** The folder that holds its data and its log. */
  dir: string;
  nextPort: NextPort;
  onSpawn(pid: number): void;
  giveUp?: AbortSignal;
};

export function startSandbox({ dir, nextPort, onSpawn, giveUp }: SandboxOptions): Promise<NodeChild> {
  const script = join(ROOT, "packages", "sandbox", "bin", "oncepaid-sandbox.ts");
  const dataDir = join(dir, "sandbox");
  makePrivate(dataDir);
  return onFreePort(nextPort, (port) =>
    startNodeChild({
      name: "The sandbox",
      args: [script, "--port", String(port), "--data-dir", dataDir],
      env: withoutSettings(),
      log: sandboxLog(dir),
      stopLimitMs: STOP_LIMIT_MS,
      onSpawn,
      giveUp,
    }),
  );
}

/** The local Stripe, with products, prices and a webhook endpoint made for the app. */
export const sandboxPart: PartSetup = {
  // A real key without a webhook secret is a mistake to report, not a reason to stand in for Stripe.
  isConfigured: (settings) =>
    settings.STRIPE_SECRET_KEY !== undefined ||
    settings.STRIPE_API_BASE !== undefined ||
    settings.STRIPE_WEBHOOK_SECRET.length > 0,
  preview: {
    STRIPE_SECRET_KEY: SANDBOX_SECRET_KEY,
    STRIPE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
    STRIPE_WEBHOOK_SECRET: "whsec_sandbox",
  },
  start: async ({ folder, settings, nextPort, giveUp }) => {
    const sandbox = await startSandbox({ dir: folder.dir, nextPort, onSpawn: folder.note, giveUp });
    try {
      return {
        name: "The sandbox",
        title: "Stripe",
        description: [
          `the sandbox on ${sandbox.url}: play money, no card is ever charged`,
          "pay with 4242 4242 4242 4242, any future date, any CVC",
          "4000 0000 0000 3220 asks for 3-D Secure, 4000 0000 0000 0002 is declined",
        ],
        log: sandboxLog(folder.dir),
        env: await sandboxEnv(sandbox.url, settings.PORT, folder.dir),
        exited: sandbox.exited,
        stop: sandbox.stop,
      };
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  },
};

/** Makes what the app on `port` needs in the sandbox, and answers the variables that make the app use it. */
export async function sandboxEnv(url: string, port: number, dir: string): Promise<Record<string, string>> {
  const apiBase = new URL(url);
  const { webhookSecret } = await fill(apiBase, port, dir).catch((error: unknown) => {
    throw new PartError(
      `The sandbox can't be filled with products and prices: ${messageOf(error)} Look into ${sandboxLog(dir)}; ` +
        "`npm run reset` starts it empty.",
    );
  });
  return {
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_SECRET_KEY: SANDBOX_SECRET_KEY,
    STRIPE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
    STRIPE_API_BASE: apiBase.origin,
  };
}

async function fill(apiBase: URL, port: number, dir: string): Promise<{ webhookSecret: string }> {
  // It only speaks to the sandbox; the app's own is made in the app, once there is a secret.
  const oncepaid = createOncepaid({
    database: undefined,
    stripe: { secretKey: SANDBOX_SECRET_KEY, webhookSecret: undefined, apiBase: apiBase.href },
    appUrl: undefined,
    products: withPictures(products, `http://localhost:${port}`),
    identify: () => null,
  });
  return fillSandbox(oncepaid, {
    webhookUrl: `http://127.0.0.1:${port}/api/stripe/webhook`,
    webhookSecretFile: join(dir, "webhook-secret"),
    // A data folder of before has prices under other lookup keys: they stay, so that subscriptions renew under them.
    formerKeys: formerLookupKeys(products),
  });
}

function sandboxLog(dir: string): string {
  return join(dir, "sandbox.log");
}
