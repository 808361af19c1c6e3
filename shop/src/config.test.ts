import { expect, test } from "vitest";
import { ConfigError, readConfig } from "#/config.ts";

const BASE = {
  NODE_ENV: "production" as const,
  DATABASE_URL: "postgres://localhost/shop",
  STRIPE_SECRET_KEY: "sk_test_x",
  STRIPE_WEBHOOK_SECRET: "whsec_x",
  AUTH_SECRET: "a-secret-for-tests-of-32-characters",
};
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const PUBLIC = { APP_URL: "https://shop.example" };

const problems = (more: Record<string, string>): string[] => {
  try {
    readConfig({ ...BASE, ...more });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test("without SMTP_URL mail is off; without a secret outbound webhooks are", () => {
  expect(readConfig({ ...BASE, ...PUBLIC })).toMatchObject({ mail: undefined, outboundWebhook: undefined });
  const { outboundWebhook } = readConfig({
    ...BASE,
    OUTBOUND_WEBHOOK_URL: "https://hooks.example/",
    OUTBOUND_WEBHOOK_SECRET: "",
  });
  expect(outboundWebhook).toBeUndefined();
});

test.each<[Record<string, string>, string]>([
  [{ SMTP_URL: "https://mail.example" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
  [{ MAIL_FROM: "nobody" }, "MAIL_FROM must be an address, or a name and <address>."],
  [
    { MAIL_FROM: "Shop <shop@example.com>\r\nBcc: a@b.c" },
    "MAIL_FROM must be an address, or a name and <address>.",
  ],
  [{ ...PUBLIC, SMTP_URL: "smtp://mail.example" }, "MAIL_FROM is missing"],
  [
    { OUTBOUND_WEBHOOK_SECRET: "whsec_short" },
    "OUTBOUND_WEBHOOK_SECRET must be whsec_ and 24 to 64 random bytes",
  ],
  [
    { OUTBOUND_WEBHOOK_URL: "ftp://hooks.example" },
    "OUTBOUND_WEBHOOK_URL must be an http:// or https:// URL.",
  ],
  [{ OUTBOUND_WEBHOOK_URL: "http://hooks.example/" }, "OUTBOUND_WEBHOOK_URL must be https"],
  [{ ...PUBLIC, OUTBOUND_WEBHOOK_URL: "http://localhost:4000/" }, "OUTBOUND_WEBHOOK_URL must be https"],
  [{ METRICS_TOKEN: "short" }, "METRICS_TOKEN must have at least 16 characters"],
  [{ ...PUBLIC, API_KEYS: "x" }, "API_KEYS must have at least 32 random characters"],
  [{ ...PUBLIC, API_KEYS: "key".repeat(20) }, "API_KEYS must have at least 32 random characters"],
  [{ ...PUBLIC, AUTH_SECRET: "secret".repeat(6) }, "AUTH_SECRET must be random"],
  [
    { RETENTION_PAYLOADS_DAYS: "7" },
    "RETENTION_PAYLOADS_DAYS must be a number of days, at least 31, or keep.",
  ],
  [{ EVENT_PAYLOAD_DAYS: "soon" }, "EVENT_PAYLOAD_DAYS must be a number of days, at least 31, or keep."],
  [{ RETURN_ORIGINS: "nope" }, "RETURN_ORIGINS must be origins"],
  [{ RETURN_ORIGINS: "https://a.example, https://b.example/page" }, "RETURN_ORIGINS must be origins"],
  [{ RETURN_ORIGINS: "javascript:alert(1)" }, "RETURN_ORIGINS must be origins"],
  [
    { STRIPE_SECRET_KEY: "sk_live_x", ...PUBLIC, RETURN_ORIGINS: "http://a.example" },
    "RETURN_ORIGINS must be https in live mode.",
  ],
  [{ CART_REMINDER_HOURS: "0" }, "CART_REMINDER_HOURS must be at least 1."],
  [{ HOLDS_OF_NETWORK: "0" }, "HOLDS_OF_NETWORK must be at least 1."],
  [{ HOLDS_SHARE_OF_STRANGERS: "75" }, "HOLDS_SHARE_OF_STRANGERS must be at most 1."],
])("%o stops the start with a sentence and no value", (more, sentence) => {
  const told = problems(more).join("\n");
  expect(told).toContain(sentence);
  for (const value of Object.values(more)) if (value.startsWith("whsec_")) expect(told).not.toContain(value);
});

test("origins to send buyers back to are kept as origins, with or without a slash", () => {
  const { returnOrigins } = readConfig({
    ...BASE,
    RETURN_ORIGINS: "https://App.example.com/ , http://localhost:4000",
  });
  expect(returnOrigins).toEqual(["https://app.example.com", "http://localhost:4000"]);
});

test("payloads are kept for 400 days, as many as it says, or for ever; the setting has a former name", () => {
  const kept = (env: Record<string, string>) => readConfig({ ...BASE, ...env }).retention.payloadsDays;
  expect(kept({})).toBe(400);
  expect(kept({ EVENT_PAYLOAD_DAYS: "60" })).toBe(60);
  expect(kept({ RETENTION_PAYLOADS_DAYS: "50" })).toBe(50);
  expect(kept({ RETENTION_PAYLOADS_DAYS: "keep" })).toBeNull();
  expect(kept({ EVENT_PAYLOAD_DAYS: "keep", RETENTION_PAYLOADS_DAYS: "50" })).toBeNull();
});

test.each<Record<string, string>>([
  { SMTP_URL: "smtps://user:pass@mail.example:465", MAIL_FROM: "The shop <shop@example.com>", ...PUBLIC },
  { SMTP_URL: "smtp://127.0.0.1:1025" },
  { OUTBOUND_WEBHOOK_URL: "http://localhost:4000/hook", OUTBOUND_WEBHOOK_SECRET: SECRET },
  { OUTBOUND_WEBHOOK_URL: "https://hooks.example/in", OUTBOUND_WEBHOOK_SECRET: SECRET, ...PUBLIC },
])("%o is fine", (more) => {
  expect(problems(more)).toEqual([]);
});
