import type Stripe from "stripe";
import type { TestShop } from "../test-shop.ts";

export const DAY = 86_400;

/** What the tests of billing have in common: a monthly price of $20, customers with cards, and the passing of time. */
export class Billing {
  readonly shop: TestShop;
  readonly price: Stripe.Price;

  static async open(shop: TestShop): Promise<Billing> {
    const product = await shop.stripe.products.create({ name: "Pro" });
    const price = await monthly(shop, product.id, 2_000);
    await shop.types();
    shop.forget();
    return new Billing(shop, price);
  }

  private constructor(shop: TestShop, price: Stripe.Price) {
    this.shop = shop;
    this.price = price;
  }

  /** Another monthly price of the same product. */
  priceOf(unit_amount: number, interval: "day" | "month" | "week" | "year" = "month"): Promise<Stripe.Price> {
    return monthly(this.shop, String(this.price.product), unit_amount, interval);
  }

  /** A customer with a card; what was told of them is forgotten. */
  async customer(card = "pm_card_visa", extra: Stripe.CustomerCreateParams = {}): Promise<Stripe.Customer> {
    const customer = await this.shop.stripe.customers.create({ email: "asha@example.com", ...extra });
    await this.newCard(customer.id, card);
    await this.types();
    return customer;
  }

  async newCard(customer: string, card = "pm_card_visa"): Promise<void> {
    const { id } = await this.shop.stripe.paymentMethods.attach(card, { customer });
    await this.shop.stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  }

  subscribe(customer: string, extra: Partial<Stripe.SubscriptionCreateParams> = {}) {
    return this.shop.stripe.subscriptions.create({ customer, items: [{ price: this.price.id }], ...extra });
  }

  async latestInvoice(subscription: Stripe.Subscription): Promise<Stripe.Invoice> {
    return this.shop.stripe.invoices.retrieve(String(subscription.latest_invoice));
  }

  /** A subscription whose first renewal has just failed once. What was told of the renewal is kept. */
  async behind(card = "pm_card_chargeCustomerFail") {
    const customer = await this.customer();
    const subscription = await this.subscribe(customer.id);
    await this.newCard(customer.id, card);
    await this.settled();
    await this.until((subscription.items.data[0]?.current_period_end ?? 0) + 4_000);
    return { customer, subscription };
  }

  /** Lets what a payment leaves behind happen, and forgets it. */
  async settled(): Promise<void> {
    await this.shop.advance(5);
    await this.types();
  }

  async until(moment: number): Promise<void> {
    const response = await fetch(`${this.shop.sandbox.url}/sandbox/clock`);
    const { now } = await response.json();
    await this.shop.advance(moment - now);
  }

  /** The types that arrived since they were last asked for. */
  async types(forget = true): Promise<string[]> {
    const types = await this.shop.types();
    if (forget) this.shop.forget();
    return types;
  }
}

function monthly(
  shop: TestShop,
  product: string,
  unit_amount: number,
  interval: "day" | "month" | "week" | "year" = "month",
): Promise<Stripe.Price> {
  return shop.stripe.prices.create({ currency: "usd", product, recurring: { interval }, unit_amount });
}
