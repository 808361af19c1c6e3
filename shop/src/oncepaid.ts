import { createOncepaid } from "oncepaid";
import { identify, newcomer } from "#/accounts/caller.ts";
import { removeOldAccounts } from "#/accounts/old-accounts.ts";
import { BRAND } from "#/brand/brand.ts";
import { LIGHT, NAME } from "#/brand/look.ts";
import { withPictures } from "#/catalog/pictures.ts";
import { withPrices } from "#/catalog/price-variables.ts";
import { products, type ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { closeAccounts, ENGINE_SCHEMA } from "#/database.ts";
import { LOCALES } from "#/locale.ts";
import { log } from "#/log.ts";
import { jobsAfter } from "#/mails/queue.ts";
import { sendMail } from "#/mails/send-mail.ts";
import { remindOfCarts } from "#/reminders/cart-reminders.ts";
import { tellWaiting } from "#/waiting/waiting-list.ts";

const DAY_SECONDS = 24 * 60 * 60;
/** As long as whoever was told of a free place has it nearly to themselves. */
const WAITING_ROUND_SECONDS = 10 * 60;
/** Nobody waits for it: hours have gone by. */
const REMINDERS_ROUND_SECONDS = 15 * 60;

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
  // Stripe fetches pictures itself, so it is given the addresses that it can reach.
  const reachable = settings.appUrl.startsWith("https://") || stripe.mode === "sandbox";
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
    returnTo: settings.returnOrigins,
    basePath: "/api",
    pages: { cart: "/cart" },
    products: withPictures(withPrices(products, stripe.prices), reachable ? settings.appUrl : undefined).map(
      (product) => ({
        ...product,
        translations: product.text,
      }),
    ),
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
    branding: {
      displayName: NAME,
      backgroundColor: LIGHT.paper,
      buttonColor: LIGHT.accent,
      icon: reachable && BRAND.icon !== undefined ? settings.appUrl + BRAND.icon : undefined,
    },
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
        {
          name: "waiting lists",
          everySeconds: WAITING_ROUND_SECONDS,
          runOnce: () => tellWaiting(oncepaid()),
        },
        {
          name: "cart reminders",
          everySeconds: REMINDERS_ROUND_SECONDS,
          runOnce: () => remindOfCarts(oncepaid()),
        },
      ],
    },
  });
}
