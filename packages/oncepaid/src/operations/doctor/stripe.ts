import { type CatalogPrice, pricesIn } from "#/catalog/catalog.ts";
import { isAmount } from "#/catalog/price.ts";
import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
import { currentPrices } from "#/prices/current.ts";
import { renews } from "#/rules/kinds.ts";
import { inspectPrice, missingPermissions, type PriceSetup, reachStripe } from "#/stripe/inspect.ts";

/** A signature older than 300 s is refused, so a clock that is off by so much refuses every delivery. */
const CLOCK_OFF_SECONDS = 60;
const CLOCK_WRONG_SECONDS = 300;

export async function checkKey(engine: Engine, words: Words): Promise<Finding[]> {
  const { secretKey, mode } = engine.settings.stripe;
  const reached = await reachStripe(engine.stripe);
  if (!reached.ok) {
    return reached.kind === "key_refused"
      ? [
          fail(
            `Stripe refuses ${words.secretKey}.`,
            "Copy it again from the dashboard, Developers → API keys; it may have been rolled or deleted.",
          ),
        ]
      : [
          fail(
            `Stripe can't be reached: ${reached.reason}`,
            `Check the network and ${words.apiBase}; status.stripe.com tells of outages.`,
          ),
        ];
  }
  if (!secretKey.startsWith("rk_")) {
    return [
      mode === "live"
        ? warn(
            `The key in ${words.secretKey} may do everything on the account.`,
            "Make a restricted key with what docs/go-live.md lists, dashboard → Developers → API keys.",
          )
        : ok(`Stripe takes it, in ${mode} mode.`),
    ];
  }
  const missing = await missingPermissions(engine.stripe);
  if (missing.length === 0)
    return [ok(`Stripe takes it, in ${mode} mode, with every permission that is needed.`)];
  return missing.map((permission) =>
    fail(`The restricted key lacks “${permission}”.`, "Dashboard → Developers → API keys → the key → Edit."),
  );
}

export async function checkClock(engine: Engine): Promise<Finding[]> {
  const reached = await reachStripe(engine.stripe);
  if (!reached.ok)
    return [warn("The clocks can't be compared while Stripe can't be asked.", "See the check of the key.")];
  const off = Math.abs(reached.clockAhead);
  const what = `This machine's clock is ${off} s ${reached.clockAhead > 0 ? "behind" : "ahead of"} Stripe's.`;
  const todo = "Let it be set by itself: `timedatectl set-ntp true`.";
  if (off > CLOCK_WRONG_SECONDS)
    return [fail(`${what} Deliveries are refused because their signatures look too old.`, todo)];
  return off > CLOCK_OFF_SECONDS ? [warn(what, todo)] : [ok(`Within ${Math.max(off, 1)} s of Stripe's.`)];
}

export async function checkPrices(engine: Engine, words: Words): Promise<Finding[]> {
  const current = await currentPrices(engine);
  const all = pricesIn(engine.catalog).map((price) => ({
    ...price,
    named: words.price(price.product.key, price.name),
    now: current.of(price.product, price.name),
  }));
  const sold = all.flatMap((price) => (price.now.state === "found" ? [{ ...price, id: price.now.id }] : []));
  if (sold.length === 0) {
    const pushed = all.flatMap((price) => pushText(price, words) ?? [])[0];
    const named = all.map(({ named }) => named).join(", ");
    return [
      fail(
        "No product has a price, so nothing is for sale.",
        pushed ?? `Make prices in the dashboard, Product catalog, and set ${named}.`,
      ),
    ];
  }
  const found = await Promise.all(
    sold.map(async (price) => ({ price, setup: await inspectPrice(engine.stripe, price.id) })),
  );
  const live = engine.settings.stripe.mode === "live";
  const currencies = [...new Set(found.flatMap(({ setup }) => setup?.currency ?? []))];
  const findings = [
    ...found.flatMap(({ price, setup }) => faultsOf(price, setup, live)),
    ...mixed(currencies),
    ...all.filter(({ now }) => now.state === "absent").map((price) => unsold(price, words)),
  ];
  return findings.length > 0 ? findings : [ok(`${sold.length} prices, active, in ${currencies.join()}.`)];
}

/** A price, and what a person calls the setting that names it. */
type Named = CatalogPrice & { named: string };

function mixed(currencies: string[]): Finding[] {
  if (currencies.length < 2) return [];
  return [
    fail(
      `The prices are in ${currencies.join(" and ")}: a cart can't hold both.`,
      "Use prices of one currency; Stripe shows buyers theirs by itself (dashboard → Settings → Payments → Adaptive Pricing).",
    ),
  ];
}

function unsold(price: Named, words: Words): Finding {
  const { product, named, lookupKey } = price;
  return warn(
    `“${product.key}” has no price and is not for sale: nothing at Stripe has the lookup key ${lookupKey}.`,
    pushText(price, words) ?? `Set ${named}, or remove it from ${words.catalog}.`,
  );
}

/** What to do about a price whose amount stands in the catalog. */
function pushText({ source }: Named, { push }: Words): string | undefined {
  return push && isAmount(source)
    ? `Run \`${push}\`, which makes the prices of the catalog's amounts.`
    : undefined;
}

function faultsOf(
  { product, named, id }: Named & { id: string },
  setup: PriceSetup | undefined,
  live: boolean,
): Finding[] {
  const where = `dashboard → Product catalog → the price's id → ${named}`;
  const is = `${named} (“${product.key}”)`;
  if (!setup) {
    return [
      fail(
        `${is} names ${id}, which this account doesn't have in ${live ? "live" : "test"} mode.`,
        `Copy the id again, of the same mode as the key: ${where}.`,
      ),
    ];
  }
  const faults: [boolean, string, string][] = [
    [setup.livemode !== live, `${is} is a price of the other mode.`, `Use one of the key's mode: ${where}.`],
    [
      !setup.active,
      `${is} is archived, so its checkout is refused.`,
      `Unarchive it, or use another: ${where}.`,
    ],
    [
      setup.active && !setup.productActive,
      `The product of ${is} is archived, so its checkout is refused.`,
      "Unarchive the product: dashboard → Product catalog.",
    ],
    [!setup.fixedAmount, `${is} has no fixed amount.`, `Use a flat price: ${where}.`],
    [
      renews(product) && !setup.recurring,
      `${is} is sold as a plan, but its price is paid once.`,
      `Use a recurring price: ${where}.`,
    ],
    [
      !renews(product) && setup.recurring,
      `${is} is sold once, but its price renews.`,
      `Use a one-off price: ${where}.`,
    ],
  ];
  return faults.flatMap(([is, what, todo]) => (is ? [fail(what, todo)] : []));
}
