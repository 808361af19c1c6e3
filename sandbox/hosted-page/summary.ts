import { linesOf } from "../checkout/contents.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { type Language, say } from "./copy.ts";

type Session = Kinds["checkout.session"];

export interface SummaryLine {
  name: string;
  description: string | null;
  quantity: number;
  amount: string;
  each: string | null;
}

/** What the page tells about the order, ready to be shown. */
export interface Summary {
  shop: string;
  title: string;
  headline: string;
  rhythm: string | null;
  lines: SummaryLine[];
  subtotal: string;
  total: string;
  totalLabel: string;
  button: string;
  terms: string | null;
}

export function summarize(store: Store, session: Session, { tag, copy }: Language): Summary {
  const currency = session.currency ?? "usd";
  const money = (amount: number) => formatMoney(amount, currency, tag);
  const lines = linesOf(store, session.id);
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const total = money(session.amount_total ?? 0);
  const recurring = lines.filter((line) => line.price?.type === "recurring");
  const [first] = recurring;
  const subscribing = session.mode === "subscription" && first !== undefined;
  const price = subscribing ? `${money(recurringTotal(recurring))} ${rhythmOf(first, { tag, copy })}` : null;
  const trial = subscribing && first.amount_total === 0 && recurringTotal(recurring) > 0;
  const product = first?.description ?? "";
  return {
    shop,
    title: subscribing
      ? say(trial ? copy.tryTrial : copy.subscribeTo, { product })
      : say(copy.payShop, { shop }),
    headline: trial ? copy.free : total,
    rhythm: trial
      ? say(copy.thenPrice, { price: price ?? "" })
      : subscribing
        ? rhythmOf(first, { tag, copy })
        : null,
    lines: lines.map((line) => ({
      name: line.description ?? line.id,
      description: descriptionOf(store, line),
      quantity: line.quantity ?? 1,
      amount: trial && line.price?.type === "recurring" ? copy.free : money(line.amount_total),
      each:
        (line.quantity ?? 1) > 1 && line.price?.unit_amount != null
          ? say(copy.each, { amount: money(line.price.unit_amount) })
          : null,
    })),
    subtotal: money(session.amount_subtotal ?? 0),
    total,
    totalLabel: subscribing ? copy.dueToday : copy.due,
    button: buttonText(session, trial, subscribing, total, copy),
    terms: price && say(copy.subscriptionTerms, { shop, price }),
  };
}

function buttonText(
  session: Session,
  trial: boolean,
  subscribing: boolean,
  amount: string,
  copy: Language["copy"],
): string {
  if (trial) return copy.startTrial;
  if (subscribing || session.submit_type === "subscribe") return copy.subscribe;
  if (session.amount_total === 0) return copy.getFree;
  if (session.submit_type === "book") return say(copy.book, { amount });
  if (session.submit_type === "donate") return say(copy.donate, { amount });
  return say(copy.pay, { amount });
}

function recurringTotal(lines: readonly LineItem[]): number {
  return lines.reduce((sum, { price, quantity }) => {
    return sum + Math.round(Number(price?.unit_amount_decimal ?? 0) * (quantity ?? 1));
  }, 0);
}

function rhythmOf(line: LineItem, { tag, copy }: Pick<Language, "tag" | "copy">): string {
  const { interval = "month", interval_count: count = 1 } = line.price?.recurring ?? {};
  if (count === 1) {
    const words: Record<string, string> = {
      day: copy.everyDay,
      week: copy.everyWeek,
      month: copy.everyMonth,
      year: copy.everyYear,
    };
    return words[interval] ?? interval;
  }
  const length = new Intl.NumberFormat(tag, { style: "unit", unit: interval, unitDisplay: "long" }).format(
    count,
  );
  return say(copy.every, { count: length, interval: "" }).trim();
}

function descriptionOf(store: Store, line: LineItem): string | null {
  return store.find("product", line.price?.product ?? "")?.description ?? null;
}
