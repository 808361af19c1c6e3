import { catalogOf } from "#/catalog/catalog.ts";
import { checkProducts } from "#/catalog/check.ts";
import type { Product } from "#/catalog/product.ts";
import { type Accounts, createEngine, type Engine } from "#/engine.ts";
import { hooksOf } from "#/hooks/hooks.ts";
import { createLog } from "#/log.ts";
import { accessMethods } from "#/methods/access.ts";
import { auditMethods } from "#/methods/audit.ts";
import { bookingMethods } from "#/methods/bookings.ts";
import { deskMethods } from "#/methods/desk.ts";
import { endpointMethods } from "#/methods/endpoints.ts";
import { keyMethods } from "#/methods/keys.ts";
import { operationMethods } from "#/methods/operations.ts";
import { orderMethods } from "#/methods/orders.ts";
import { ownershipMethods } from "#/methods/ownership.ts";
import { peopleMethods } from "#/methods/people.ts";
import { promotionCodeMethods } from "#/methods/promotion-codes.ts";
import { requestMethods } from "#/methods/requests.ts";
import { saleMethods } from "#/methods/sales.ts";
import { seatMethods } from "#/methods/seats.ts";
import { supportMethods } from "#/methods/support.ts";
import { type OncepaidOptions, settingsOf } from "#/options.ts";

/** Under this name an engine's inside is found by the commands, whichever copy of this package made it. */
const ENGINE = Symbol.for("oncepaid.engine");

/**
 * What `createOncepaid` returns for these products.
 *
 * @example
 * const isPaying = (oncepaid: Oncepaid, userId: string) => oncepaid.paidOrders(userId).then(({ length }) => length > 0);
 */
export type Oncepaid<P extends Product = Product> = AnyOncepaid &
  ReturnType<typeof requestMethods> &
  ReturnType<typeof saleMethods<P>> &
  ReturnType<typeof accessMethods<P["key"]>> &
  ReturnType<typeof orderMethods> &
  ReturnType<typeof deskMethods> &
  ReturnType<typeof auditMethods> &
  ReturnType<typeof ownershipMethods> &
  ReturnType<typeof supportMethods<P["key"]>> &
  ReturnType<typeof bookingMethods<P["key"]>> &
  ReturnType<typeof seatMethods> &
  ReturnType<typeof peopleMethods> &
  ReturnType<typeof keyMethods> &
  ReturnType<typeof endpointMethods> &
  ReturnType<typeof promotionCodeMethods> &
  ReturnType<typeof operationMethods>;

/** What `createOncepaid` returned, whatever is sold by it. */
export type AnyOncepaid = { readonly [ENGINE]: object };

/** @internal The inside of an engine, for what belongs to it and lies in other entries of this package. */
export function engineIn(oncepaid: AnyOncepaid): Engine {
  const inside = oncepaid[ENGINE];
  if (isEngine(inside)) return inside;
  throw new TypeError("This is nothing that createOncepaid has returned.");
}

function isEngine(inside: object): inside is Engine {
  return "settings" in inside && "catalog" in inside && "shared" in inside;
}

/** @internal */
export function isOncepaid(value: unknown): value is AnyOncepaid {
  return typeof value === "object" && value !== null && ENGINE in value;
}

/**
 * Orders, webhooks, access and recovery around Stripe Checkout, inside an app.
 *
 * Opens nothing and throws nothing for what is missing: the database and Stripe are connected at their first use, which says
 * what is missing by name. What can't be right, two products of one key or an amount below zero, is a TypeError that names it.
 *
 * @example
 * export const oncepaid = createOncepaid({
 *   database: process.env.DATABASE_URL,
 *   stripe: { secretKey: process.env.STRIPE_SECRET_KEY, webhookSecret: process.env.STRIPE_WEBHOOK_SECRET },
 *   appUrl: process.env.APP_URL,
 *   products: [plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } })],
 *   identify: async (request) => userOf(request),
 * });
 */
export function createOncepaid<const P extends Product>(options: OncepaidOptions<P>): Oncepaid<P> {
  const engine = engineOf(options);
  return {
    [ENGINE]: engine,
    ...requestMethods(engine),
    ...saleMethods(engine, options.products),
    ...accessMethods<P["key"]>(engine),
    ...orderMethods(engine),
    ...deskMethods(engine),
    ...auditMethods(engine),
    ...ownershipMethods(engine),
    ...supportMethods<P["key"]>(engine),
    ...bookingMethods<P["key"]>(engine),
    ...seatMethods(engine),
    ...peopleMethods(engine),
    ...keyMethods(engine),
    ...endpointMethods(engine),
    ...promotionCodeMethods(engine),
    ...operationMethods(engine),
  };
}

function engineOf(options: OncepaidOptions<Product>): Engine {
  checkProducts(options.products);
  return createEngine({
    settings: settingsOf(options),
    catalog: catalogOf(options.products),
    accounts: accountsOf(options),
    queues: { after: () => [], work: {}, sweeps: [], ...options.queues },
    hooks: hooksOf(options),
    log: options.log ?? createLog("warn"),
  });
}

function accountsOf({ identify, newcomer, guests = true, appUrl }: OncepaidOptions<Product>): Accounts {
  const asked = (headers: Headers) => new Request(appUrl ?? "http://localhost", { headers });
  return {
    guests,
    ...(newcomer && { newcomer: async (headers) => newcomer(asked(headers)) }),
    identify: async (headers) => {
      const user = await identify(asked(headers));
      if (!user) return null;
      const email = user.email?.trim().toLowerCase() ?? null;
      return {
        userId: user.userId,
        email: user.emailVerified ? email : null,
        prefill: email,
        operator: user.operator ?? false,
      };
    },
  };
}
