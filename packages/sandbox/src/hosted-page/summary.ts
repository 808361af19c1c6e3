import { isMetered } from "../billing/usage.ts";
import { priceIn } from "../catalog/currencies.ts";
import { takenOff } from "../catalog/discount.ts";
import { amountOf } from "../catalog/tiers.ts";
import { contentsOf, linesOf } from "../checkout/contents.ts";
import { addedAgain } from "../checkout/tax.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import { merged } from "../tax/compute.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { type AmountChoice, choiceOf } from "./amount.ts";
import type { Language } from "./copy.ts";
import { type Mark, markOf, productPicture } from "./pictures.ts";

type Session = Kinds["checkout.session"];

const DAY = 86_400;

export interface SummaryLine {
  id: string;
  /** Between which numbers the buyer may choose. */
  limits: { minimum: number; maximum: number } | null;
  name: string;
  picture: string | null;
  description: string | null;
  quantity: number;
  amount: string;
  each: string | null;
  /** Where the buyer decides what it costs. */
  choice: AmountChoice | null;
  /** The price of an offer that was taken, which can be given back. */
  offer: string | null;
}

/** What the buyer may add. */
interface Offer {
  price: string;
  product: string;
  picture: string | null;
  /** The product, and how many of it are added. */
  name: string;
  description: string | null;
  amount: string;
}

interface ShippingChoice {
  id: string;
  name: string;
  amount: string;
  chosen: boolean;
}

/** What the page tells about the order, ready to be shown. */
export interface Summary {
  shop: string;
  mark: Mark;
  title: string;
  headline: string;
  rhythm: string | null;
  lines: SummaryLine[];
  offers: Offer[];
  subtotal: string;
  /** `amount` is null while it takes nothing off, as during a trial. */
  discount: { label: string; amount: string | null; code: string | null } | null;
  /** Whether the buyer may type a code. */
  takesCodes: boolean;
  taxes: { label: string; amount: string; note: string | null }[];
  shipping: { amount: string; options: ShippingChoice[] } | null;
  total: string;
  totalLabel: string;
  button: string;
  terms: string | null;
}

export function summarize(store: Store, session: Session, language: Language): Summary {
  const { tag, t } = language;
  if (session.mode === "setup") return savingSummary(session, t);
  const currency = session.currency ?? "usd";
  const money = (amount: number) => formatMoney(amount, currency, tag);
  const lines = linesOf(store, session.id);
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const total = money(session.amount_total ?? 0);
  const recurring = lines.filter((line) => line.price?.type === "recurring");
  const [first] = recurring;
  const subscribing = session.mode === "subscription" && first !== undefined;
  const coupon = store.find("coupon", session.discounts?.[0]?.coupon ?? "");
  const lasts = coupon?.duration === "forever";
  const regular = regularPrice(store, session, recurring, lasts ? coupon : undefined);
  const price = subscribing ? `${money(regular)} ${rhythmOf(first, t)}` : null;
  const trial = subscribing && first.amount_total === 0 && recurringTotal(store, recurring) > 0;
  const free = trial ? freeDays(store, session, t) : null;
  const product = first?.description ?? "";
  return {
    shop,
    mark: markOf(session),
    title: subscribing ? t(trial ? "tryTrial" : "subscribeTo", { product }) : t("payShop", { shop }),
    headline: free !== null && session.amount_total === 0 ? free : total,
    rhythm: price && laterPrice(session, { coupon, first, free, price, regular }, t),
    lines: lines.map((line) => ({
      id: line.id,
      limits: line.adjustable_quantity?.enabled
        ? {
            minimum: line.adjustable_quantity.minimum ?? 0,
            maximum: line.adjustable_quantity.maximum ?? 99,
          }
        : null,
      name: line.description ?? line.id,
      picture: productPicture(store, line.price?.product),
      description: descriptionOf(store, line),
      quantity: line.quantity ?? 1,
      amount: trial && line.price?.type === "recurring" ? t("free") : money(line.amount_subtotal),
      each: eachOf(store, line, { tag, t }),
      choice: choiceOf(store, line, language),
      offer: offerOf(store, session, line),
    })),
    offers: offersOf(store, session, { tag, t }),
    subtotal: money(session.amount_subtotal ?? 0),
    discount: discountOf(store, session, { tag, t }),
    takesCodes: session.allow_promotion_codes === true,
    shipping: shippingOf(store, session, tag, t),
    taxes: taxesOf(store, session, { tag, t }),
    total,
    totalLabel: subscribing ? t("dueToday") : t("due"),
    button: buttonText(session, trial, subscribing, total, t),
    terms: price && t("subscriptionTerms", { shop, price }),
  };
}

/** For how long a trial costs nothing. */
function freeDays(store: Store, session: Session, t: Language["t"]): string {
  const { trialDays, trialEnd } = contentsOf(store, session.id).subscription;
  const count = trialDays ?? Math.ceil(((trialEnd ?? session.created) - session.created) / DAY);
  return t("trialDays", { count });
}

/** What stands beside the amount of today: how often it is charged, or what is charged later in its place. */
function laterPrice(
  session: Session,
  plan: {
    coupon: Kinds["coupon"] | undefined;
    first: LineItem | undefined;
    /** How long the trial is, where there is one. */
    free: string | null;
    price: string;
    regular: number;
  },
  t: Language["t"],
): string | null {
  const { coupon, first, free, price, regular } = plan;
  if (!first) return null;
  const today = session.amount_total ?? 0;
  if (free !== null) return today === 0 ? t("thenPrice", { price }) : t("todayFreeThen", { free, price });
  if (today === regular) return rhythmOf(first, t);
  const off = session.total_details?.amount_discount ?? 0;
  const count = coupon?.duration_in_months ?? 1;
  if (count > 1 && today + off === regular)
    return t("forMonths", { count, price, rhythm: rhythmOf(first, t) });
  return t("todayThen", { price });
}

function savingSummary(session: Session, t: Language["t"]): Summary {
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  return {
    shop,
    mark: markOf(session),
    title: t("saveTitle", { shop }),
    headline: t("saveHeadline"),
    rhythm: null,
    lines: [],
    offers: [],
    subtotal: "",
    discount: null,
    takesCodes: false,
    shipping: null,
    taxes: [],
    total: "",
    totalLabel: "",
    button: t("saveButton"),
    terms: null,
  };
}

/** Whether a line is an offer that was taken, and which. */
function offerOf(store: Store, session: Session, line: LineItem): string | null {
  const taken = Object.entries(contentsOf(store, session.id).taken ?? {});
  return taken.find(([, id]) => id === line.id)?.[0] ?? null;
}

function offersOf(store: Store, session: Session, { tag }: Pick<Language, "tag" | "t">): Offer[] {
  const taken = contentsOf(store, session.id).taken ?? {};
  return (session.optional_items ?? []).flatMap(({ price: id, quantity }) => {
    const price = store.find("price", id);
    if (!price || taken[id]) return [];
    const shown = priceIn(store, price, session.currency ?? price.currency);
    const product = store.find("product", price.product);
    const name = product?.name ?? id;
    return [
      {
        price: id,
        product: name,
        picture: productPicture(store, price.product),
        name: quantity > 1 ? `${quantity} × ${name}` : name,
        description: product?.description ?? null,
        amount: formatMoney(amountOf(store, shown, quantity), shown.currency, tag),
      },
    ];
  });
}

function discountOf(store: Store, session: Session, { tag, t }: Pick<Language, "tag" | "t">) {
  const [given] = session.discounts ?? [];
  const coupon = store.find("coupon", given?.coupon ?? "");
  if (!given || !coupon) return null;
  const money = (amount: number) => formatMoney(amount, session.currency ?? "usd", tag);
  const off = session.total_details?.amount_discount ?? 0;
  const what =
    coupon.percent_off === null
      ? t("amountOff", { amount: money(coupon.amount_off ?? off) })
      : t("percentOff", { percent: coupon.percent_off });
  return {
    label: coupon.name ? `${coupon.name} · ${what}` : what,
    amount: off === 0 ? null : `−${money(off)}`,
    code: store.find("promotion_code", given.promotion_code ?? "")?.code ?? null,
  };
}

function shippingOf(store: Store, session: Session, tag: string, t: Language["t"]) {
  const cost = session.shipping_cost;
  if (!cost) return null;
  const names = contentsOf(store, session.id).shippingNames;
  const money = (amount: number) =>
    amount === 0 ? t("free") : formatMoney(amount, session.currency ?? "usd", tag);
  return {
    amount: money(cost.amount_subtotal),
    options: session.shipping_options.map(({ shipping_rate: id, shipping_amount: amount }) => ({
      id,
      name: names[id] ?? id,
      amount: money(amount),
      chosen: id === cost.shipping_rate,
    })),
  };
}

function buttonText(
  session: Session,
  trial: boolean,
  subscribing: boolean,
  amount: string,
  t: Language["t"],
): string {
  if (trial) return t("startTrial");
  if (subscribing || session.submit_type === "subscribe") return t("subscribe");
  if (session.amount_total === 0) return session.payment_status === "unpaid" ? t("payChosen") : t("getFree");
  if (session.submit_type === "book") return t("book", { amount });
  if (session.submit_type === "donate") return t("donate", { amount });
  return t("pay", { amount });
}

/** What one of several costs. */
function eachOf(store: Store, line: LineItem, { tag, t }: Pick<Language, "tag" | "t">): string | null {
  if (line.price?.transform_quantity) return null;
  const unit = line.price && priceIn(store, line.price, line.currency).unit_amount;
  if ((line.quantity ?? 1) < 2 || unit == null) return null;
  return t("each", { amount: formatMoney(unit, line.currency, tag) });
}

function recurringTotal(store: Store, lines: readonly LineItem[]): number {
  return lines.reduce(
    (sum, { currency, price, quantity }) =>
      sum +
      (price && !isMetered(price) ? amountOf(store, priceIn(store, price, currency), quantity ?? 1) : 0),
    0,
  );
}

/** What each period costs, less what a coupon that never ends takes off, with its taxes. */
function regularPrice(
  store: Store,
  session: Session,
  lines: readonly LineItem[],
  coupon: Kinds["coupon"] | undefined,
): number {
  const currency = session.currency ?? "usd";
  const priced = lines.map((line) => ({
    amount: recurringTotal(store, [line]),
    product: line.price?.product ?? null,
  }));
  const off = coupon ? takenOff(coupon, currency, priced) : [];
  const { taxes } = contentsOf(store, session.id);
  return lines.reduce((sum, { id }, place) => {
    const amount = (priced[place]?.amount ?? 0) - (off[place] ?? 0);
    return sum + amount + addedAgain(amount, taxes?.lines[id] ?? [], currency);
  }, 0);
}

/** A line for each tax; until the buyer says where they are, one that says so. */
function taxesOf(store: Store, session: Session, { tag, t }: Pick<Language, "tag" | "t">) {
  if (session.automatic_tax.status === "requires_location_inputs") {
    return [{ label: t("tax"), amount: t("taxPending"), note: null }];
  }
  const { taxes } = contentsOf(store, session.id);
  const all = merged([...Object.values(taxes?.lines ?? {}).flat(), ...(taxes?.shipping ?? [])]);
  return all.map(({ amount, rate }) => ({
    label: rate.percentage === 0 ? t("tax") : `${rate.display_name} (${rate.percentage}%)`,
    amount: formatMoney(amount, session.currency ?? "usd", tag),
    note: rate.inclusive && amount > 0 ? t("taxIncluded") : null,
  }));
}

function rhythmOf(line: LineItem, t: Language["t"]): string {
  const { interval = "month", interval_count: count = 1 } = line.price?.recurring ?? {};
  return t("every", { count, interval });
}

function descriptionOf(store: Store, line: LineItem): string | null {
  return store.find("product", line.price?.product ?? "")?.description ?? null;
}
