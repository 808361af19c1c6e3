import type { Product } from "oncepaid/catalog/product.ts";
import type { Policy } from "oncepaid/rules/grants.ts";
import type { Locale } from "#/locale.ts";

/**
 * What is sold. The browser names a product by its key; prices come from Stripe by id, so an amount never
 * travels through the browser. Edit this list to sell something else: any number of products of the three kinds.
 */

const DAY_SECONDS = 24 * 60 * 60;
/** Sold once: all the money back ends it, a part of it doesn't, a dispute interrupts it. */
const SOLD_ONCE: Policy = { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 };
/** Renews: a refund gives one payment back and the plan goes on; a failed renewal leaves a week to set it right. */
const RENEWS: Policy = {
  onRefund: "keep",
  onPartialRefund: "keep",
  onDispute: "suspend",
  gracePeriod: 7 * DAY_SECONDS,
};

/** A product as the shop shows it. */
export type ShopProduct = Product & { text: Record<Locale, ProductText> };

export type ProductText = {
  name: string;
  description: string;
  /** What the buyer gets, a line each. */
  gets: readonly string[];
};

export const products: readonly ShopProduct[] = [
  {
    key: "ebook",
    kind: "download",
    name: "The Stripe Checkout Field Guide",
    description: "Everything that happens after the card was charged.",
    priceVariable: "STRIPE_PRICE_EBOOK",
    maxQuantity: 10,
    policy: SOLD_ONCE,
    files: [{ key: "guide", name: "stripe-checkout-field-guide.pdf", path: "field-guide.pdf" }],
    downloadLimit: 20,
    text: {
      en: {
        name: "The Stripe Checkout Field Guide",
        description: "Everything that happens after the card was charged.",
        gets: ["The complete e-book", "One payment, no renewal", "Yours to keep"],
      },
      hi: {
        name: "Stripe Checkout फ़ील्ड गाइड",
        description: "कार्ड से पैसे कटने के बाद जो कुछ होता है, वह सब।",
        gets: ["पूरी ई-बुक", "एक ही भुगतान, कोई नवीनीकरण नहीं", "हमेशा आपकी"],
      },
    },
    sandboxPrice: { unitAmount: 1900, currency: "usd", amounts: { inr: 149900 } },
  },
  {
    key: "pro",
    kind: "plan",
    name: "Pro plan",
    description: "One plan for the whole team, priced by the seat.",
    priceVariable: "STRIPE_PRICE_PRO",
    maxQuantity: 500,
    policy: RENEWS,
    trialDays: 0,
    text: {
      en: {
        name: "Pro plan",
        description: "One plan for the whole team, priced by the seat.",
        gets: ["As many seats as you need", "One subscription for all of them", "Renews by itself"],
      },
      hi: {
        name: "प्रो प्लान",
        description: "पूरी टीम के लिए एक प्लान, कीमत सीट के हिसाब से।",
        gets: ["जितनी सीटें चाहिए उतनी", "सभी के लिए एक ही सदस्यता", "अपने आप नवीनीकरण"],
      },
    },
    sandboxPrice: { unitAmount: 2900, currency: "usd", amounts: { inr: 219900 }, interval: "month" },
  },
  {
    key: "workshop",
    kind: "booking",
    name: "Payments that survive",
    description: "Three hours live, with time for your own questions.",
    priceVariable: "STRIPE_PRICE_WORKSHOP",
    maxQuantity: 10,
    policy: { ...SOLD_ONCE, spotOnRefund: "release" },
    text: {
      en: {
        name: "Payments that survive",
        description: "Three hours live, with time for your own questions.",
        gets: ["One place in the workshop", "Ten people at most", "One payment, no renewal"],
      },
      hi: {
        name: "टिकाऊ भुगतान",
        description: "तीन घंटे लाइव, आपके अपने सवालों के लिए समय के साथ।",
        gets: ["वर्कशॉप में एक जगह", "अधिकतम दस लोग", "एक ही भुगतान, कोई नवीनीकरण नहीं"],
      },
    },
    sandboxPrice: { unitAmount: 14900, currency: "usd", amounts: { inr: 1199900 } },
  },
];

export function findProduct(key: string): ShopProduct | undefined {
  return products.find((product) => product.key === key);
}

/** What a product is called, by its key; one that has left the catalog goes by the key itself. */
export function productText(locale: Locale, key: string): ProductText {
  return findProduct(key)?.text[locale] ?? { name: key, description: "", gets: [] };
}
