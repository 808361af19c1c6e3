import type { Role } from "#/caller.ts";
import type { Product } from "#/catalog/product.ts";
import type { Pool } from "#/database/connection.ts";
import type { AppQueues, Newcomer } from "#/engine.ts";
import type { Handlers } from "#/hooks/hooks.ts";
import type { Log } from "#/log.ts";
import type { Branding, HoldLimits, Settings } from "#/settings.ts";

const BASE_PATH = "/api/oncepaid";
/** Stripe lists what happened in the last 30 days: before that is over, an order may be asked for again. */
const LEAST_DAYS = 31;
const UNPAID_ORDERS_DAYS = 90;
const HOLDS: HoldLimits = { visitor: 10, network: 20, networkShare: 0.5, share: 0.75 };

/** Days; null keeps. */
type Retention = {
  unpaidOrdersDays?: number | null;
  payloadsDays?: number | null;
  webhooksDays?: number | null;
};

/** What `createOncepaid` is told. Whatever is missing is asked for at its first use, so that an app can be built without it. */
export type OncepaidOptions<P extends Product> = Handlers & {
  /**
   * A PostgreSQL URL, or the app's own `pg.Pool`. Of several URLs, separated by commas, it is the one that can be written: of a
   * primary and its standbys, whichever is the primary now. With `?pgbouncer=true` it is behind a pooler in transaction mode
   * (`preparedStatements`).
   *
   * @example
   * database: process.env.DATABASE_URL, // or new pg.Pool({ … })
   */
  database: string | Pool | undefined;
  /**
   * `false` for a pooler that gives each transaction another connection and knows no prepared statements, PgBouncer before 1.21 among
   * them. The same as `?pgbouncer=true` in a URL.
   *
   * @example
   * preparedStatements: false,
   */
  preparedStatements?: boolean;
  /**
   * The PostgreSQL schema of everything that is stored: `oncepaid`. The queues lie in `<schema>_jobs`.
   *
   * @example
   * schema: "billing", // and the queues in billing_jobs
   */
  schema?: string;
  /**
   * The Stripe account, and what has to be known of it.
   *
   * @example
   * stripe: { secretKey: process.env.STRIPE_SECRET_KEY, webhookSecret: process.env.STRIPE_WEBHOOK_SECRET },
   */
  stripe: {
    /**
     * `sk_…` or `rk_…`.
     *
     * @example
     * secretKey: process.env.STRIPE_SECRET_KEY,
     */
    secretKey: string | undefined;
    /**
     * `whsec_…`; several while one is being replaced.
     *
     * @example
     * webhookSecret: process.env.STRIPE_WEBHOOK_SECRET?.split(","),
     */
    webhookSecret: string | readonly string[] | undefined;
    /**
     * `pk_…`, where payment pages are embedded.
     *
     * @example
     * publishableKey: process.env.STRIPE_PUBLISHABLE_KEY,
     */
    publishableKey?: string | undefined;
    /**
     * Another server than Stripe's own, for example `http://127.0.0.1:12111` of the sandbox.
     *
     * @example
     * apiBase: process.env.STRIPE_API_BASE, // unset for Stripe itself
     */
    apiBase?: string | undefined;
    /**
     * Whether that server is the sandbox, where nothing has to be set up by hand: yes, where `apiBase` is given.
     *
     * @example
     * sandbox: false, // a proxy before Stripe itself
     */
    sandbox?: boolean;
  };
  /**
   * The origin of the app: `https://app.example.com`.
   *
   * @example
   * appUrl: process.env.APP_URL,
   */
  appUrl: string | undefined;
  /**
   * Where `handle` is mounted: `/api/oncepaid`.
   *
   * @example
   * basePath: "/api/billing",
   */
  basePath?: string;
  /**
   * The pages buyers come back to: `{ success: "/checkout/success", cancel: "/pricing" }`. Who leaves the payment of a cart (a checkout
   * with `items`) comes back to `cart`, where there is one.
   *
   * @example
   * pages: { success: "/thanks", cancel: "/pricing", cart: "/cart" },
   */
  pages?: Partial<Settings["pages"]>;
  /**
   * Origins beside the app's that a checkout's own `successUrl` and `cancelUrl` may have: `["https://other.example.com"]`. A page
   * that anybody could name would send buyers, with what they paid for, to anybody.
   *
   * @example
   * returnTo: ["https://other.example.com"],
   */
  returnTo?: readonly (string | undefined)[];
  /**
   * What is sold: `download`, `plan` and `booking` make them.
   *
   * @example
   * products: [plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } })],
   */
  products: readonly P[];
  /**
   * Who sent a request, by the app's own accounts; null for nobody.
   *
   * @example
   * identify: async (request) => {
   *   const session = await sessionOf(request.headers.get("cookie"));
   *   return session && { userId: session.userId, email: session.email, emailVerified: true };
   * },
   */
  identify: (request: Request) => Promise<AppUser | null> | AppUser | null;
  /**
   * Whether somebody without an account may buy: yes. Their browser gets a signed cookie.
   *
   * @example
   * guests: false, // sign in first
   */
  guests?: boolean;
  /**
   * Makes an account for a browser that has none and wants to buy, where the app has accounts for those; the cookies go back with
   * the answer. It comes before `guests`.
   *
   * @example
   * newcomer: async (request) => {
   *   const { userId, cookie } = await makeAnonymousAccount(request);
   *   return { userId, setCookie: [cookie] };
   * }
   */
  newcomer?: (request: Request) => Promise<Newcomer> | Newcomer;
  /**
   * Keys of the app's other servers, at least 32 characters each; `name:key` names one.
   *
   * @example
   * apiKeys: [`reports:${process.env.REPORTS_KEY}`],
   */
  apiKeys?: readonly string[];
  /**
   * Opens `GET` and `POST {basePath}/cron`, one round of what is due, for hosts with a cron and no worker.
   *
   * @example
   * cronSecret: process.env.CRON_SECRET,
   */
  cronSecret?: string | undefined;
  /**
   * Opens `GET {basePath}/metrics` for what measures the app, beside API keys and operators; at least 16 characters.
   *
   * @example
   * metricsToken: process.env.METRICS_TOKEN,
   */
  metricsToken?: string | undefined;
  /**
   * The proxies before the app, which are believed whom they name in `X-Forwarded-For`: how many they are, or their addresses and
   * networks (`["10.0.0.0/8"]`). None without it: limits then count by the other end of the connection. With a number that is greater than
   * that of the proxies, buyers choose the address they are counted by; the log warns where one came through fewer.
   *
   * @example
   * trustedProxies: 1, // one load balancer
   */
  trustedProxies?: number | readonly string[];
  /**
   * How many places of dates a browser may keep from others without paying for them: `visitor` by itself (10), `network` all
   * browsers together that share a network and have proven no address (20), of which one date at most `networkShare` of its places (0.5),
   * and all such browsers everywhere `share` of one date (0.75). What is paid for doesn't count. Servers have no limit.
   *
   * @example
   * holds: { visitor: 4 },
   */
  holds?: Partial<HoldLimits>;
  /**
   * Days after which the daily sweep removes what is of no more use: orders that were never paid and can't be any more (90; at least
   * 31), the payloads of applied events, which hold names and addresses (kept, unless a number is given), and what other servers were told
   * by outbound webhooks, with each try (31). `null` keeps.
   *
   * @example
   * retention: { unpaidOrdersDays: 60, payloadsDays: 400 },
   */
  retention?: Retention;
  /**
   * Signs visitors' cookies and links to files; without it the one that `migrate` has made. Several while one is being replaced: the
   * first signs, and what any of them signed is taken.
   *
   * @example
   * secret: process.env.ONCEPAID_SECRET,
   */
  secret?: string | readonly string[] | undefined;
  /**
   * Where the files that are sold lie: `file:///srv/files`, or `s3://KEY:SECRET@host/bucket`.
   *
   * @example
   * storage: process.env.STORAGE_URL,
   */
  storage?: string | undefined;
  /**
   * The payment page: Stripe's own (`hosted_page`), or Stripe's in the app's (`embedded_page`).
   *
   * @example
   * ui: "embedded_page",
   */
  ui?: Settings["checkout"]["ui"];
  /**
   * Stripe Tax.
   *
   * @example
   * tax: true,
   */
  tax?: boolean;
  /**
   * Asks companies for their tax id.
   *
   * @example
   * taxIds: true,
   */
  taxIds?: boolean;
  /**
   * Has Stripe make an invoice of what is paid once, as it does of plans; on where companies are asked for their tax id.
   *
   * @example
   * invoices: true,
   */
  invoices?: boolean;
  /**
   * Whether Stripe's page asks for an address: `auto` where it needs one (the default), or `required`.
   *
   * @example
   * billingAddress: "required",
   */
  billingAddress?: Settings["checkout"]["billingAddress"];
  /**
   * How Stripe's payment page looks; without it as the account's settings say.
   *
   * @example
   * branding: { displayName: "Aurora", buttonColor: "#1d4ed8", icon: "https://app.example.com/icon.png" },
   */
  branding?: Branding;
  /**
   * Another server that is told of happenings, signed by the Standard Webhooks specification.
   *
   * @example
   * outbound: { url: "https://other.example.com/oncepaid", secret: process.env.OUTBOUND_SECRET },
   */
  outbound?: { url: string | undefined; secret: string } | undefined;
  /**
   * The languages of the app, its own first: `["en"]`.
   *
   * @example
   * locales: ["de", "en"],
   */
  locales?: readonly string[];
  /**
   * pino's shape; without it warnings and errors are written as JSON lines.
   *
   * @example
   * log: pino(),
   */
  log?: Log;
  /**
   * Queues and sweeps of the app's own, run by the same worker: `after` says which jobs follow what happened, and is written in the
   * same transaction; `work` does them, `sweeps` are done by the clock.
   *
   * @example
   * queues: {
   *   after: (happening) =>
   *     happening.type === "order.fulfilled"
   *       ? [{ queue: "mail", key: `welcome:${happening.orderId}`, data: { orderId: happening.orderId } }]
   *       : [],
   *   work: { mail: async (key, data) => sendMail(key, data) },
   * }
   */
  queues?: Partial<AppQueues>;
};

/** `email` fills in the payment page; only where it is verified it also proves whose it is. */
export type AppUser = {
  userId: string;
  email?: string | null;
  emailVerified?: boolean;
  /** One of the app's staff, with what they may do; `true` is an owner, who may do everything. */
  operator?: boolean | Role;
};

/**
 * Something `createOncepaid` was not told and is needed now.
 *
 * @example
 * if (error instanceof NotConfigured) console.error(error.message);
 */
export class NotConfigured extends Error {
  override name = "NotConfigured";
  readonly code = "not_configured";
}

/** The settings as the rooms read them: each missing one throws at its first use, by name. */
export function settingsOf(options: OncepaidOptions<Product>): Settings {
  const { stripe } = options;
  return {
    get appUrl() {
      const what = "the origin of your app, for example https://app.example.com";
      return urlOf(given(options.appUrl, "appUrl", what), "appUrl", what).origin;
    },
    get database() {
      return given(options.database, "database", "a PostgreSQL URL, or a pg.Pool");
    },
    preparedStatements: options.preparedStatements ?? true,
    hasDatabase: options.database !== undefined && options.database !== "",
    schema: schemaOf(options.schema ?? "oncepaid"),
    basePath: basePathOf(options.basePath ?? BASE_PATH),
    pages: { success: "/checkout/success", cancel: "/pricing", ...options.pages },
    get returnTo() {
      const what = "origins that buyers may come back to, for example https://other.example.com";
      return (options.returnTo ?? []).map(
        (origin) => urlOf(given(origin, "returnTo", what), "returnTo", what).origin,
      );
    },
    stripe: {
      get secretKey() {
        return given(stripe.secretKey, "stripe.secretKey", "a key of Stripe's, sk_… or rk_…");
      },
      get webhookSecrets() {
        const secret = given(
          stripe.webhookSecret,
          "stripe.webhookSecret",
          "the endpoint's signing secret, whsec_…",
        );
        return typeof secret === "string" ? [secret] : secret;
      },
      get apiBase() {
        return stripe.apiBase
          ? urlOf(
              stripe.apiBase,
              "stripe.apiBase",
              "leave it out for Stripe itself, or http://127.0.0.1:12111 for a sandbox",
            )
          : undefined;
      },
      get mode() {
        if (/^(sk|rk)_live_/.test(stripe.secretKey ?? "")) return "live";
        return (stripe.sandbox ?? Boolean(stripe.apiBase)) ? "sandbox" : "test";
      },
      publishableKey: stripe.publishableKey,
    },
    checkout: {
      ui: options.ui ?? "hosted_page",
      automaticTax: options.tax ?? false,
      taxIds: options.taxIds ?? false,
      invoices: options.invoices ?? options.taxIds ?? false,
      billingAddress: options.billingAddress ?? "auto",
      branding: options.branding ?? {},
    },
    locales: options.locales ?? ["en"],
    apiKeys: options.apiKeys ?? [],
    cronSecret: options.cronSecret || undefined,
    metricsToken: options.metricsToken || undefined,
    trustedProxies: options.trustedProxies ?? 0,
    holds: { ...HOLDS, ...options.holds },
    retention: {
      unpaidOrdersDays: daysOf(options.retention?.unpaidOrdersDays, UNPAID_ORDERS_DAYS),
      payloadsDays: daysOf(options.retention?.payloadsDays, undefined),
      webhooksDays: daysOf(options.retention?.webhooksDays, LEAST_DAYS),
    },
    secrets: [options.secret ?? []].flat().filter((secret) => secret !== ""),
    get storageUrl() {
      return new URL(given(options.storage, "storage", "file:///a/folder or s3://KEY:SECRET@host/bucket"));
    },
    outboundWebhook: options.outbound && {
      secret: options.outbound.secret,
      get url() {
        const what =
          "where another server hears what happened, for example https://other.example.com/oncepaid";
        return urlOf(given(options.outbound?.url, "outbound.url", what), "outbound.url", what);
      },
    },
  };
}

function given<T>(value: T | undefined, name: string, what: string): T {
  if (value !== undefined && value !== "") return value;
  throw new NotConfigured(`createOncepaid was not given \`${name}\`: ${what}.`);
}

/** It stands in addresses, before a path and after an origin. */
function basePathOf(path: string): string {
  if (/^(?:\/[\w.~-]+)*$/.test(path)) return path;
  throw new TypeError(
    `basePath: "${path}" can't be used: write a path that begins with / and doesn't end with one, for example ${BASE_PATH}.`,
  );
}

function daysOf(days: number | null | undefined, usual: number | undefined): number | undefined {
  if (days === null) return undefined;
  if (days === undefined) return usual;
  if (Number.isInteger(days) && days >= LEAST_DAYS) return days;
  throw new TypeError(`retention takes whole days, at least ${LEAST_DAYS}; ${days} can't be used.`);
}

/** An option that a person has mistyped is told as one that is missing: at its first use, in a sentence. */
function urlOf(text: string, name: string, what: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new NotConfigured(`createOncepaid was given "${text}" as \`${name}\`, which is no address: ${what}.`);
}

/** It stands in statements, so it is a plain name. */
function schemaOf(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,54}$/.test(schema)) return schema;
  throw new TypeError(
    `The schema "${schema}" can't be used: a name has small letters, digits and _, at most 55, and begins with no digit.`,
  );
}
