import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { addressesIn } from "oncepaid/pool";
import { areProxies, type TrustedProxies } from "oncepaid/routes";
import { z } from "zod";
import { NAME } from "#/brand/look.ts";
import { type PriceVariable, priceVariables } from "#/catalog/price-variables.ts";
import { products } from "#/catalog/products.ts";

/**
 * Every setting of the app, read once from the environment. A wrong value stops the boot with a sentence per
 * field; a value is never printed, because the field may hold a secret.
 */
export type Config = {
  /** Pages are built as they are asked for, by `npm run dev`. */
  development: boolean;
  port: number;
  /** The one origin redirect URLs are built from, without a trailing slash. */
  appUrl: string;
  /** Beside its own: where a server may send its buyers back to. */
  returnOrigins: string[];
  /** The address to listen on; undefined for what APP_URL asks for (http/web-server.ts). */
  host: string | undefined;
  /** The proxies before the shop: how many, or their addresses and networks. */
  trustedProxies: TrustedProxies;
  /** How many places of dates browsers may keep from others without paying for them; the last two are parts of one date's. */
  holds: { visitor: number; network: number; networkShare: number; share: number };
  /** Days after which what is of no more use is removed; null where it is kept. */
  retention: { unpaidOrdersDays: number | null; payloadsDays: number | null; webhooksDays: number | null };
  databaseUrl: string;
  stripe: {
    secretKey: string;
    /** Every secret a delivery may be signed with; more than one while rotating. */
    webhookSecrets: string[];
    /** Where the SDK talks to; undefined means Stripe's own host. */
    apiBase: URL | undefined;
    mode: StripeMode;
    /** For the browser, where the payment page is embedded in ours (`CHECKOUT_UI`). */
    publishableKey: string | undefined;
    /** Price ids by variable, in the place of the catalog's own prices. */
    prices: Partial<Record<PriceVariable, string>>;
  };
  /** What every payment page asks of its buyer. */
  checkout: {
    ui: "hosted_page" | "embedded_page";
    automaticTax: boolean;
    taxIds: boolean;
    billingAddress: "auto" | "required";
  };
  apiKeys: string[];
  /** Opens the cron's route; there is none without it. */
  cronSecret: string | undefined;
  /** Opens the metrics, and nothing else. */
  metricsToken: string | undefined;
  adminEmails: string[];
  authSecret: string;
  /** Those it replaced a while ago: what they signed is still taken. */
  formerAuthSecrets: string[];
  /** Without it no mail is sent. */
  mail: { url: string; from: string } | undefined;
  /** How long after a cart's payment page has run out its buyer is reminded, where they want it; nobody is without it. */
  cartReminderHours: number | undefined;
  /** Where the files that are sold lie: `file:`, `s3:` or `s3+http:` (packages/oncepaid/src/storage). */
  storageUrl: URL;
  /** Where another server of the shop is told what happened; off without it. */
  outboundWebhook: { url: URL; secret: string } | undefined;
  worker: "inline" | "off";
  /** How long a web process that is to stop goes on answering, with health at 503, for a proxy to send its visitors elsewhere. */
  drainSeconds: number;
  logLevel: LogLevel;
};

export type StripeMode = "sandbox" | "test" | "live";
export type LogLevel = z.infer<typeof logLevel>;

/** The sandbox takes any key; this one marks an app that runs on the embedded one. */
export const SANDBOX_SECRET_KEY = "sk_test_sandbox";

/** Who writes on one's own machine, where no mail leaves it. */
const LOCAL_SENDER = `${NAME} <shop@localhost>`;

/** Characters: 32 hexadecimal digits are 128 bits. */
const API_KEY_LENGTH = 32;
/** Of events that were applied: longer than a year, for whoever closes the books of one. */
const PAYLOAD_DAYS = 400;
/** A random secret of 32 characters has more different ones; what a hand types to fill a line has fewer. */
const DIFFERENT_CHARACTERS = 10;

export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The configuration can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

const list = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
const logLevel = z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
  error: "must be one of fatal, error, warn, info, debug, trace, silent",
});
const onOff = z.enum(["on", "off"], { error: "must be on or off" }).default("off");
const places = (usual: number) =>
  z.coerce
    .number({ error: "must be a number of places" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .default(usual);
const share = (usual: number) =>
  z.coerce
    .number({ error: "must be a part of a date's places, 0.5 for half" })
    .min(0, "must be at least 0")
    .max(1, "must be at most 1")
    .default(usual);
const days = () =>
  z
    .string()
    .regex(/^(keep|3[1-9]|[4-9]\d|[1-9]\d{2,4})$/, "must be a number of days, at least 31, or keep")
    .transform((value) => (value === "keep" ? null : Number(value)));
const isDatabaseUrl = (url: string) => z.url({ protocol: /^postgres(ql)?$/ }).safeParse(url).success;
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });

const settings = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce
    .number({ error: "must be a port number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(65535, "must be at most 65535")
    .default(3000),
  APP_URL: httpUrl.optional(),
  RETURN_ORIGINS: list
    .refine(
      (urls) => urls.every(isOrigin),
      "must be origins without a path, separated by commas: https://app.example.com",
    )
    .transform((urls) => urls.map((url) => new URL(url).origin)),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "must be an address of this machine, for example 0.0.0.0")
    .optional(),
  TRUSTED_PROXIES: list
    .transform((entries): TrustedProxies => {
      const [first = "0"] = entries;
      return entries.length < 2 && /^\d$/.test(first) ? Number(first) : entries;
    })
    .refine(areProxies, "must be the number of proxies, or their addresses and networks: 10.0.0.0/8"),
  HOLDS_OF_VISITOR: places(10),
  HOLDS_OF_NETWORK: places(20),
  HOLDS_SHARE_OF_NETWORK: share(0.5),
  HOLDS_SHARE_OF_STRANGERS: share(0.75),
  RETENTION_UNPAID_ORDERS_DAYS: days().default(90),
  EVENT_PAYLOAD_DAYS: days().optional(),
  /** Its former name. */
  RETENTION_PAYLOADS_DAYS: days().optional(),
  RETENTION_WEBHOOKS_DAYS: days().default(31),
  DATABASE_URL: z
    .string()
    .refine(
      (urls) => addressesIn(urls).every(isDatabaseUrl),
      "must be a postgres:// URL, or several of them, separated by commas",
    )
    .optional(),
  DATA_DIR: z.string().min(1).default(".data"),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\S+$/, "must start with sk_test_, sk_live_, rk_test_ or rk_live_")
    .optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\S+$/, "must start with pk_test_ or pk_live_")
    .optional(),
  CHECKOUT_UI: z
    .enum(["hosted_page", "embedded_page"], { error: "must be hosted_page or embedded_page" })
    .default("hosted_page"),
  AUTOMATIC_TAX: onOff,
  TAX_ID_COLLECTION: onOff,
  BILLING_ADDRESS: z.enum(["auto", "required"], { error: "must be auto or required" }).default("auto"),
  STRIPE_WEBHOOK_SECRET: list.refine((secrets) => secrets.every((secret) => /^whsec_\S+$/.test(secret)), {
    error: "must be one whsec_… secret, or several separated by commas",
  }),
  STRIPE_API_BASE: httpUrl.optional(),
  API_KEYS: list,
  CRON_SECRET: z
    .string()
    .regex(/^\S{16,}$/, "must have at least 16 characters and no spaces")
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^\S{16,}$/, "must have at least 16 characters and no spaces")
    .optional(),
  ADMIN_EMAILS: list,
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  AUTH_SECRET_PREVIOUS: list,
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be an smtp:// or smtps:// URL" }).optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>@\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
      "must be an address, or a name and <address>",
    )
    .optional(),
  CART_REMINDER_HOURS: z.coerce
    .number({ error: "must be a number of hours" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(72, "must be at most 72")
    .optional(),
  STORAGE_URL: z
    .url({
      protocol: /^(file|s3|s3\+http)$/,
      error: "must be file:///a/folder, or s3://KEY:SECRET@host/bucket of an S3-compatible service",
    })
    .optional(),
  OUTBOUND_WEBHOOK_URL: httpUrl.optional(),
  OUTBOUND_WEBHOOK_SECRET: z
    .string()
    .refine(
      isStandardSecret,
      'must be whsec_ and 24 to 64 random bytes in base64: echo "whsec_$(openssl rand -base64 32)"',
    )
    .optional(),
  WORKER: z.enum(["inline", "off"], { error: "must be inline or off" }).default("inline"),
  DRAIN_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(0, "must be at least 0")
    .max(60, "must be at most 60")
    .default(0),
  LOG_LEVEL: logLevel.default("info"),
});

/** One variable per price of the catalog. */
const prices = z.object(
  Object.fromEntries(
    priceVariables(products).map((variable): [PriceVariable, z.ZodOptional<z.ZodString>] => [
      variable,
      z.string().regex(/^\S+$/, "must be the id of a Stripe Price (price_…)").optional(),
    ]),
  ),
);

export type Settings = z.infer<typeof settings> & { prices: Partial<Record<PriceVariable, string>> };

/** Every variable this app reads, to leave somebody's own settings out where something is only tried. */
export const settingNames: string[] = [...Object.keys(settings.shape), ...Object.keys(prices.shape)];

/** Checks each variable by itself. `npm start` calls this first, then fills what is missing with embedded parts. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const [parsed, priced] = [settings.safeParse(present), prices.safeParse(present)];
  if (!parsed.success || !priced.success) {
    const issues = [parsed, priced].flatMap(({ error }) => error?.issues ?? []);
    throw new ConfigError(issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`));
  }
  return { ...parsed.data, prices: priced.data };
}

let current: Config | undefined;

/** The configuration of this process, read at first use. */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}

/** The configuration of a running app: everything it needs is there and fits together. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = readSettings(env);
  const appUrl = new URL(read.APP_URL ?? `http://localhost:${read.PORT}`).origin;
  const mode = stripeMode(read.STRIPE_SECRET_KEY ?? "");
  const outboundUrl = read.OUTBOUND_WEBHOOK_URL ? new URL(read.OUTBOUND_WEBHOOK_URL) : undefined;
  const problems = [
    ...missing(read),
    ...unfitting(read, appUrl, mode),
    ...refused(appUrl, mode, outboundUrl),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    development: read.NODE_ENV === "development",
    port: read.PORT,
    appUrl,
    returnOrigins: read.RETURN_ORIGINS,
    host: read.HOST,
    trustedProxies: read.TRUSTED_PROXIES,
    holds: {
      visitor: read.HOLDS_OF_VISITOR,
      network: read.HOLDS_OF_NETWORK,
      networkShare: read.HOLDS_SHARE_OF_NETWORK,
      share: read.HOLDS_SHARE_OF_STRANGERS,
    },
    retention: {
      unpaidOrdersDays: read.RETENTION_UNPAID_ORDERS_DAYS,
      payloadsDays: payloadDays(read),
      webhooksDays: read.RETENTION_WEBHOOKS_DAYS,
    },
    databaseUrl: read.DATABASE_URL ?? "",
    stripe: {
      secretKey: read.STRIPE_SECRET_KEY ?? "",
      webhookSecrets: read.STRIPE_WEBHOOK_SECRET,
      apiBase: read.STRIPE_API_BASE ? new URL(read.STRIPE_API_BASE) : undefined,
      mode,
      publishableKey: read.STRIPE_PUBLISHABLE_KEY,
      prices: read.prices,
    },
    checkout: {
      ui: read.CHECKOUT_UI,
      automaticTax: read.AUTOMATIC_TAX === "on",
      taxIds: read.TAX_ID_COLLECTION === "on",
      billingAddress: read.BILLING_ADDRESS,
    },
    apiKeys: read.API_KEYS,
    cronSecret: read.CRON_SECRET,
    metricsToken: read.METRICS_TOKEN,
    adminEmails: read.ADMIN_EMAILS.map((email) => email.toLowerCase()),
    authSecret: read.AUTH_SECRET ?? "",
    formerAuthSecrets: read.AUTH_SECRET_PREVIOUS,
    mail: read.SMTP_URL ? { url: read.SMTP_URL, from: read.MAIL_FROM ?? LOCAL_SENDER } : undefined,
    cartReminderHours: read.CART_REMINDER_HOURS,
    storageUrl: read.STORAGE_URL ? new URL(read.STORAGE_URL) : pathToFileURL(resolve(read.DATA_DIR, "files")),
    // An empty secret disables it; nothing goes out that its receiver couldn't verify.
    outboundWebhook:
      outboundUrl && read.OUTBOUND_WEBHOOK_SECRET
        ? { url: outboundUrl, secret: read.OUTBOUND_WEBHOOK_SECRET }
        : undefined,
    worker: read.WORKER,
    drainSeconds: read.DRAIN_SECONDS,
    logLevel: read.LOG_LEVEL,
  };
}

/** `null` is for ever, and was said; what wasn't said is undefined. */
function payloadDays({
  EVENT_PAYLOAD_DAYS,
  RETENTION_PAYLOADS_DAYS = PAYLOAD_DAYS,
}: Settings): number | null {
  return EVENT_PAYLOAD_DAYS === undefined ? RETENTION_PAYLOADS_DAYS : EVENT_PAYLOAD_DAYS;
}

/** What no app can run without. */
function missing(read: Settings): string[] {
  const needed = [
    [read.DATABASE_URL, "DATABASE_URL is missing; `npm start` sets up a database by itself."],
    [read.STRIPE_SECRET_KEY, "STRIPE_SECRET_KEY is missing; `npm start` sets up the sandbox by itself."],
    [
      read.STRIPE_WEBHOOK_SECRET[0],
      "STRIPE_WEBHOOK_SECRET is missing; without it no delivery of Stripe can be verified.",
    ],
    [read.AUTH_SECRET, "AUTH_SECRET is missing; `npm start` makes one and keeps it in DATA_DIR."],
  ] as const;
  return needed.flatMap(([value, problem]) => (value ? [] : [problem]));
}

/** Settings that are wrong beside each other. */
function unfitting(read: Settings, appUrl: string, mode: StripeMode): string[] {
  const problems: string[] = [];
  const publishable = read.STRIPE_PUBLISHABLE_KEY;
  if (mode === "live" && !appUrl.startsWith("https://")) problems.push("APP_URL must be https in live mode.");
  if (mode === "live" && read.RETURN_ORIGINS.some((origin) => !origin.startsWith("https://"))) {
    problems.push("RETURN_ORIGINS must be https in live mode.");
  }
  if (appUrl.startsWith("https://")) problems.push(...weakSecrets(read));
  if (read.CHECKOUT_UI === "embedded_page" && !publishable) {
    problems.push("STRIPE_PUBLISHABLE_KEY is missing; with CHECKOUT_UI=embedded_page the browser needs it.");
  }
  if (publishable && publishable.startsWith("pk_live_") !== (mode === "live")) {
    problems.push(
      "STRIPE_PUBLISHABLE_KEY and STRIPE_SECRET_KEY must both be of test mode or both of live mode.",
    );
  }
  if (mode === "live" && read.STRIPE_API_BASE) problems.push("STRIPE_API_BASE is refused in live mode.");
  if (read.SMTP_URL && !read.MAIL_FROM && !isLoopback(appUrl)) {
    problems.push("MAIL_FROM is missing; mail servers only take mail from an address of yours.");
  }
  return problems;
}

/** What only one's own machine may do. */
function refused(appUrl: string, mode: StripeMode, outboundUrl: URL | undefined): string[] {
  const problems: string[] = [];
  if (outboundUrl?.protocol === "http:" && !(isLoopback(outboundUrl.href) && isLoopback(appUrl))) {
    problems.push("OUTBOUND_WEBHOOK_URL must be https, except from one's own machine to itself.");
  }
  if (mode === "sandbox" && !isLoopback(appUrl)) problems.push(sandboxRefused(appUrl));
  return problems;
}

/** What anybody on the internet could guess. */
function weakSecrets({ API_KEYS, AUTH_SECRET }: Settings): string[] {
  const isMonotonous = (secret: string) => new Set(secret).size < DIFFERENT_CHARACTERS;
  const weakKey = API_KEYS.some((key) => key.length < API_KEY_LENGTH || isMonotonous(key));
  return [
    ...(weakKey
      ? [
          `API_KEYS must have at least ${API_KEY_LENGTH} random characters each where APP_URL is https: openssl rand -hex 32`,
        ]
      : []),
    ...(AUTH_SECRET && isMonotonous(AUTH_SECRET)
      ? ["AUTH_SECRET must be random where APP_URL is https: openssl rand -base64 32"]
      : []),
  ];
}

/** Play money must never stand in for real money by accident. */
export function sandboxRefused(appUrl: string): string {
  return (
    `APP_URL is ${appUrl}, which others can reach, so the play-money sandbox is refused there: ` +
    "set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET."
  );
}

/** Of a whole address the rest would be left out in silence. */
function isOrigin(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`;
}

/** As the Standard Webhooks specification asks for. */
function isStandardSecret(secret: string): boolean {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const { length } = Buffer.from(encoded ?? "", "base64");
  return length >= 24 && length <= 64;
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function stripeMode(secretKey: string): StripeMode {
  if (secretKey === SANDBOX_SECRET_KEY) return "sandbox";
  return /^(sk|rk)_live_/.test(secretKey) ? "live" : "test";
}
