import type { Words } from "oncepaid/operations";
import { priceVariable } from "#/catalog/price-variables.ts";
import { findProduct } from "#/catalog/products.ts";

/** How the shop calls what the engine's doctor, verify and reconcile tell people to use. */
export const WORDS: Words = {
  api: "/api",
  doctor: "npm run doctor",
  doctorFix: "npm run doctor -- --fix",
  migrate: "npm start",
  reconcile: "npm run reconcile",
  replay: "npm run replay --",
  replayFailed: "npm run replay -- --failed",
  worker: "npm run worker",
  catalog: "shop/src/catalog/products.ts",
  price: (productKey, price) => {
    const product = findProduct(productKey);
    return product ? priceVariable(product, price) : `the price ${price} of “${productKey}”`;
  },
  database: "DATABASE_URL",
  secretKey: "STRIPE_SECRET_KEY",
  webhookSecret: "STRIPE_WEBHOOK_SECRET",
  apiBase: "STRIPE_API_BASE",
  trustedProxies: "TRUSTED_PROXIES",
  storage: "STORAGE_URL",
};
