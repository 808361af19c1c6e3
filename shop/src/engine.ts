import { catalogOf } from "oncepaid/catalog/catalog.ts";
import { closeEngine, createEngine, type Engine } from "oncepaid/engine.ts";
import { hooksOf } from "oncepaid/hooks/hooks.ts";
import { createLog } from "oncepaid/log.ts";
import { accounts } from "#/accounts/caller.ts";
import { oldAccounts } from "#/accounts/old-accounts.ts";
import { withPrices } from "#/catalog/price-variables.ts";
import { products } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { closeAccounts, ENGINE_SCHEMA } from "#/database.ts";
import { LOCALES } from "#/locale.ts";
import { mailQueue } from "#/mails/queue.ts";

let current: Engine | undefined;

/** The shop's engine, made of its settings at first use. */
export function engine(): Engine {
  current ??= create();
  return current;
}

/** Ends what the engine has open in this process. */
export async function closeShop(): Promise<void> {
  if (current) await closeEngine(current);
  await closeAccounts();
}

function create(): Engine {
  const settings = config();
  return createEngine({
    settings: {
      ...settings,
      database: settings.databaseUrl,
      schema: ENGINE_SCHEMA,
      secret: settings.authSecret,
      locales: LOCALES,
    },
    catalog: catalogOf(withPrices(products, settings.stripe.prices)),
    accounts,
    queues: { ...mailQueue, sweeps: [oldAccounts] },
    // What follows from an order here are mails, which are a queue.
    hooks: hooksOf({}),
    log: createLog(settings.logLevel),
  });
}
