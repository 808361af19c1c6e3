import { expect, test } from "vitest";
import { type booking, download, plan } from "#/catalog/product.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import type { OncepaidOptions } from "#/options.ts";

const ebook = { key: "ebook", name: "Field guide", files: [] };
const pro = { key: "pro", name: "Pro" };
type Options = OncepaidOptions<ReturnType<typeof download | typeof plan | typeof booking>>;

const create = (more: Partial<Options> = {}) =>
  createOncepaid({
    database: undefined,
    stripe: { secretKey: undefined, webhookSecret: undefined },
    appUrl: undefined,
    products: [],
    identify: () => null,
    ...more,
  });
const selling = (...products: Options["products"]) => create({ products });
/** As from a file that no compiler reads. */
const untyped = (value: unknown) => Object(value);

test("without any environment it is made, and closed; what is missing is named at its first use", async () => {
  const oncepaid = create({
    returnTo: [undefined],
    outbound: { url: undefined, secret: "whsec_c2VjcmV0" },
    apiKeys: [`reports:${undefined}`],
    products: [download({ ...ebook, price: untyped({ price: undefined }).price })],
  });
  const { settings } = engineIn(oncepaid);
  expect(() => settings.returnTo).toThrow("createOncepaid was not given `returnTo`: origins");
  expect(settings.outboundWebhook).toBeDefined();
  expect(() => settings.outboundWebhook?.url).toThrow("createOncepaid was not given `outbound.url`: where");
  await oncepaid.close();
  await oncepaid.close();
});

test("an address that is none is named by its option", () => {
  const { settings } = engineIn(
    create({ returnTo: ["nonsense"], outbound: { url: "nonsense", secret: "" } }),
  );
  expect(() => settings.returnTo).toThrow('given "nonsense" as `returnTo`, which is no address');
  expect(() => settings.outboundWebhook?.url).toThrow(
    'given "nonsense" as `outbound.url`, which is no address',
  );
});

const usd = { amount: 1900, currency: "usd" };

test.each<[string, () => unknown]>([
  [
    "ebook: two products have this key",
    () => selling(download({ ...ebook, price: "price_1" }), plan({ ...ebook, price: "price_2" })),
  ],
  [
    'ebook: the price "default" is a whole number of minor units, at least 0, not -1',
    () => selling(download({ ...ebook, price: { ...usd, amount: -1 } })),
  ],
  ["not 19.5", () => selling(download({ ...ebook, price: { ...usd, amount: 19.5 } }))],
  ["not -5", () => selling(download({ ...ebook, price: { ...usd, amounts: { eur: -5 } } }))],
  [
    'ebook: the price "default" needs an ISO code as its currency, for example "usd", not "dollars"',
    () => selling(download({ ...ebook, price: { ...usd, currency: "dollars" } })),
  ],
  ['not "eu"', () => selling(download({ ...ebook, price: { ...usd, amounts: { eu: 5 } } }))],
  [
    'pro: the price "month" of a plan needs interval: "day", "week", "month" or "year", not undefined',
    () => selling(plan({ ...pro, prices: untyped({ month: usd }) })),
  ],
  ['not "monthly"', () => selling(plan({ ...pro, price: untyped({ ...usd, interval: "monthly" }) }))],
  ['basePath: "api" can\'t be used: write a path that begins with /', () => create({ basePath: "api" })],
  ['basePath: "/api/"', () => create({ basePath: "/api/" })],
  ['basePath: "/a b"', () => create({ basePath: "/a b" })],
  ['basePath: "https://x.test/api"', () => create({ basePath: "https://x.test/api" })],
])("a slip is a TypeError that says what to write: %s", (sentence, made) => {
  expect(made).toThrow(TypeError);
  expect(made).toThrow(sentence);
});

test("what is right stays so: nothing to pay, capital letters, a path of one part or none", () => {
  selling(
    download({ ...ebook, price: { ...usd, amount: 0, amounts: { EUR: 0, jpy: 3000 } } }),
    plan({ ...pro, prices: { month: { ...usd, interval: "month" }, year: { lookupKey: "pro_year" } } }),
  );
  for (const basePath of ["", "/api", "/api/oncepaid", "/v1.0/~a_b-c"]) create({ basePath });
});
