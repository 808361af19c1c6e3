import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
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
  const { prices, mode } = engine.settings.stripe;
  const sold = engine.catalog.products.flatMap((product) => {
    const id = prices[product.priceVariable];
    return id === undefined ? [] : [{ ...product, id }];
  });
  if (sold.length === 0) {
    return [
      fail(
        "No product has a price, so nothing is for sale.",
        `Make prices in the dashboard, Product catalog, and set ${engine.catalog.products.map(({ priceVariable }) => priceVariable).join(", ")}.`,
      ),
    ];
  }
  const found = await Promise.all(
    sold.map(async (product) => ({ product, setup: await inspectPrice(engine.stripe, product.id) })),
  );
  const findings = found.flatMap(({ product, setup }) => faultsOf(product, setup, mode === "live"));
  const currencies = new Set(found.flatMap(({ setup }) => setup?.currency ?? []));
  if (currencies.size > 1) {
    findings.push(
      fail(
        `The prices are in ${[...currencies].join(" and ")}: a cart can't hold both.`,
        "Use prices of one currency; Stripe shows buyers theirs by itself (dashboard → Settings → Payments → Adaptive Pricing).",
      ),
    );
  }
  const unsold = engine.catalog.products.filter(({ priceVariable }) => prices[priceVariable] === undefined);
  for (const { key, priceVariable } of unsold) {
    findings.push(
      warn(
        `“${key}” has no price and is not for sale.`,
        `Set ${priceVariable}, or remove it from ${words.catalog}.`,
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [ok(`${sold.length} prices, active, in ${[...currencies].join()}.`)];
}

function faultsOf(
  { key, kind, priceVariable, id }: { key: string; kind: string; priceVariable: string; id: string },
  setup: PriceSetup | undefined,
  live: boolean,
): Finding[] {
  const where = `Product catalog → the price's id → ${priceVariable}`;
  const is = `${priceVariable} (“${key}”)`;
  if (!setup) {
    return [
      fail(
        `${is} names ${id}, which this account doesn't have in ${live ? "live" : "test"} mode.`,
        `Copy the id again, of the same mode as the key: dashboard → ${where}.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (setup.livemode !== live)
    findings.push(
      fail(`${is} is a price of the other mode.`, `Use one of the key's mode: dashboard → ${where}.`),
    );
  if (!setup.active)
    findings.push(
      fail(
        `${is} is archived, so its checkout is refused.`,
        `Unarchive it, or use another: dashboard → ${where}.`,
      ),
    );
  else if (!setup.productActive)
    findings.push(
      fail(
        `The product of ${is} is archived, so its checkout is refused.`,
        "Unarchive the product: dashboard → Product catalog.",
      ),
    );
  if (!setup.fixedAmount)
    findings.push(fail(`${is} has no fixed amount.`, `Use a flat price: dashboard → ${where}.`));
  if (kind === "plan" && !setup.recurring)
    findings.push(
      fail(
        `${is} is sold as a plan, but its price is paid once.`,
        `Use a recurring price: dashboard → ${where}.`,
      ),
    );
  if (kind !== "plan" && setup.recurring)
    findings.push(
      fail(`${is} is sold once, but its price renews.`, `Use a one-off price: dashboard → ${where}.`),
    );
  return findings;
}
