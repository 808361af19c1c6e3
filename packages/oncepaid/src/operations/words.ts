/**
 * How the app around the engine calls the things that a person is told to use. The doctor, verify and the report of reconcile
 * speak to whoever runs the app, and a sentence that names a command or file that isn't there helps nobody.
 */
export type Words = {
  /** Where the engine's HTTP interface lies, such as "/api". */
  api: string;
  /** The commands. */
  doctor: string;
  doctorFix: string;
  migrate: string;
  /** Makes prices at Stripe of the catalog's amounts; left out where each is made in the dashboard. */
  push?: string;
  reconcile: string;
  replay: string;
  replayFailed: string;
  worker: string;
  /** What the settings are called, and the file in which products stand. */
  catalog: string;
  /** Where the id of a price is named, by the product's key and the price's name. */
  price(productKey: string, price: string): string;
  database: string;
  secretKey: string;
  webhookSecret: string;
  apiBase: string;
  storage: string;
  trustedProxies: string;
};

/** An app with oncepaid.config.ts. */
export const ENGINE_WORDS: Words = {
  api: "/api/oncepaid",
  doctor: "npx oncepaid doctor",
  doctorFix: "npx oncepaid doctor --fix",
  migrate: "npx oncepaid migrate",
  push: "npx oncepaid push",
  reconcile: "npx oncepaid reconcile",
  replay: "npx oncepaid replay",
  replayFailed: "npx oncepaid replay --failed",
  worker: "npx oncepaid worker",
  catalog: "oncepaid.config.ts",
  price: (productKey, price) => `prices.${price} of “${productKey}”`,
  database: "the option `database`",
  secretKey: "the option `stripe.secretKey`",
  webhookSecret: "the option `stripe.webhookSecret`",
  apiBase: "the option `stripe.apiBase`",
  storage: "the option `storage`",
  trustedProxies: "the option `trustedProxies`",
};
