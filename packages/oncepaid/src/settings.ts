import type { Pool } from "#/database/connection.ts";

/** What an engine is told about where it runs. Read from no environment: who makes the engine says it. */
export type Settings = {
  /** The one origin redirect URLs are built from, without a trailing slash. */
  appUrl: string;
  /** The app's own pages that buyers come back to: after they have paid, and without having paid. Paths below `appUrl`. */
  pages: { success: string; cancel: string; cart?: string };
  /** Origins beside the app's that a caller's own pages for that may lie on. */
  returnTo: readonly string[];
  /** Where the HTTP side lies below that: `/api/oncepaid`. */
  basePath: string;
  /** A PostgreSQL URL, several of one database and its standbys, or a pool of `pg` that the app has. */
  database: string | Pool;
  /** Whoever only asks Stripe, to fill a sandbox, has none. */
  hasDatabase: boolean;
  /** False behind a pooler that knows no prepared statements. */
  preparedStatements: boolean;
  /** The schema its tables lie in; the queues lie in `<schema>_jobs`. */
  schema: string;
  stripe: {
    secretKey: string;
    /** Every secret a delivery may be signed with; more than one while rotating. */
    webhookSecrets: readonly string[];
    /** Where the SDK talks to; undefined means Stripe's own host. */
    apiBase: URL | undefined;
    mode: StripeMode;
    /** For the browser, where the payment page is embedded. */
    publishableKey: string | undefined;
  };
  /** What every payment page asks of its buyer. */
  checkout: {
    ui: "hosted_page" | "embedded_page";
    automaticTax: boolean;
    taxIds: boolean;
    /** Stripe makes an invoice of what is paid once, too. */
    invoices: boolean;
    billingAddress: "auto" | "required";
    branding: Branding;
  };
  /** The languages the app speaks, its own first: those of its pages and of what is written to a buyer. */
  locales: readonly string[];
  apiKeys: readonly string[];
  /** Opens the cron's route; there is none without it. */
  cronSecret: string | undefined;
  /** Opens the metrics, and nothing else. */
  metricsToken: string | undefined;
  /** The proxies before the app; nobody else is believed what they say of their client (http/network.ts). */
  trustedProxies: number | readonly string[];
  /** What browsers may keep from other buyers while they pay (orders/hold-limits.ts). */
  holds: HoldLimits;
  /** Days after which what is of no more use is removed (recovery/old-rows.ts); undefined where it is kept for good. */
  retention: {
    unpaidOrdersDays: number | undefined;
    payloadsDays: number | undefined;
    webhooksDays: number | undefined;
  };
  /** The first signs visitors' cookies and links to files, the others did; none for the one that `migrate` has made (secret.ts). */
  secrets: readonly string[];
  /** Where the files that are sold lie: `file:`, `s3:` or `s3+http:`. */
  storageUrl: URL;
  /** Where another server is told what happened; nothing is sent without it. */
  outboundWebhook: { url: URL; secret: string } | undefined;
};

/**
 * Places of dates that are held and not paid for: of one browser; of all browsers on one network without a proven address;
 * of one date as a part of its places, by one such network and by all of them.
 *
 * @example
 * const limits: HoldLimits = { visitor: 10, network: 20, networkShare: 0.5, share: 0.75 };
 */
export type HoldLimits = { visitor: number; network: number; networkShare: number; share: number };

export type StripeMode = "sandbox" | "test" | "live";

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** How Stripe's payment page looks; what isn't said is as the account's own settings have it. */
export type Branding = {
  /** What the page calls the shop. */
  displayName?: string;
  /** Colours as `#rrggbb`. */
  backgroundColor?: string;
  buttonColor?: string;
  /** The https address of a square PNG or JPEG. */
  icon?: string | undefined;
};
