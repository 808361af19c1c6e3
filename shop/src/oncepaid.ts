import { createOncepaid } from "oncepaid";
import { identify, newcomer } from "#/accounts/caller.ts";
import { removeOldAccounts } from "#/accounts/old-accounts.ts";
import { withPrices } from "#/catalog/price-variables.ts";
import { products, type ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { closeAccounts, ENGINE_SCHEMA } from "#/database.ts";
import { LOCALES } from "#/locale.ts";
import { log } from "#/log.ts";
import { jobsAfter } from "#/mails/queue.ts";
import { sendMail } from "#/mails/send-mail.ts";

const DAY_SECONDS = 24 * 60 * 60;

let current: ShopOncepaid | undefined;

/** The shop's engine, made of its settings at first use. */
export function oncepaid(): ShopOncepaid {
  current ??= create();
  return current;
}

/** Ends what the shop has open in this process. */
export async function closeShop(): Promise<void> {
  await current?.close();
  await closeAccounts();
}

function create(): ShopOncepaid {
  const { stripe, checkout, outboundWebhook, ...settings } = config();
  return createOncepaid({
    database: settings.databaseUrl,
    schema: ENGINE_SCHEMA,
    stripe: {
      secretKey: stripe.secretKey,
      webhookSecret: stripe.webhookSecrets,
      publishableKey: stripe.publishableKey,
      apiBase: stripe.apiBase?.href,
      sandbox: stripe.mode === "sandbox",
    },
    appUrl: settings.appUrl,
    basePath: "/api",
    pages: { cart: "/cart" },
    products: withPrices(products, stripe.prices).map((product) => ({
      ...product,
      translations: product.text,
    })),
    identify,
    newcomer,
    guests: false,
    apiKeys: settings.apiKeys,
    cronSecret: settings.cronSecret,
    metricsToken: settings.metricsToken,
    trustedProxies: settings.trustedProxies,
    holds: settings.holds,
    retention: settings.retention,
    secret: [settings.authSecret, ...settings.formerAuthSecrets],
    storage: settings.storageUrl.href,
    ui: checkout.ui,
    tax: checkout.automaticTax,
    taxIds: checkout.taxIds,
    billingAddress: checkout.billingAddress,
    outbound: outboundWebhook && { ...outboundWebhook, url: outboundWebhook.url.href },
    locales: LOCALES,
    log: log(),
    // What follows from an order here are mails, which are a queue.
    queues: {
      after: jobsAfter,
      work: { mail: (key, data) => sendMail(oncepaid(), key, data) },
      sweeps: [
        {
          name: "old accounts",
          everySeconds: DAY_SECONDS,
          runOnce: () => removeOldAccounts(oncepaid()),
        },
      ],
    },
  });
}
