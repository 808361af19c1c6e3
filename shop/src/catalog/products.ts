import { booking, download, type Offer, type Oncepaid, type Product, plan } from "oncepaid";
import type { Locale } from "#/locale.ts";

/**
 * What is sold. The browser names a product by its key, so an amount never travels through the browser. Edit this list to sell
 * something else: any number of products of the three kinds. The amounts are those of the sandbox; on a real account
 * STRIPE_PRICE_… names the prices (price-variables.ts).
 */

/** A product as the shop shows it. */
export type ShopProduct = Product & { text: Record<Locale, ProductText> };

export type ProductText = {
  name: string;
  description: string;
  /** What the buyer gets, a line each. */
  gets: readonly string[];
};

export const products = [
  {
    ...download({
      key: "ebook",
      name: "The Stripe Checkout Field Guide",
      description: "Everything that happens after the card was charged.",
      price: { amount: 1900, currency: "usd", amounts: { inr: 149900 } },
      files: [{ key: "guide", name: "stripe-checkout-field-guide.pdf", path: "field-guide.pdf" }],
    }),
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
  },
  {
    ...plan({
      key: "pro",
      name: "Pro plan",
      description: "One plan for the whole team, priced by the seat.",
      price: { amount: 2900, currency: "usd", amounts: { inr: 219900 }, interval: "month" },
    }),
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
  },
  {
    ...booking({
      key: "workshop",
      name: "Payments that survive",
      description: "Three hours live, with time for your own questions.",
      price: { amount: 14900, currency: "usd", amounts: { inr: 1199900 } },
    }),
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
  },
] satisfies readonly ShopProduct[];

type Sold = (typeof products)[number];

/** The engine of exactly these products, as the rooms of the shop are handed it: another key doesn't compile. */
export type ShopOncepaid = Oncepaid<Sold>;

/** One of them as it is offered right now. */
export type ShopOffer = Offer<Sold>;

export function findProduct(key: string): ShopProduct | undefined {
  const all: readonly ShopProduct[] = products;
  return all.find((product) => product.key === key);
}

/** What a product is called, by its key; one that has left the catalog goes by the key itself. */
export function productText(locale: Locale, key: string): ProductText {
  return findProduct(key)?.text[locale] ?? { name: key, description: "", gets: [] };
}
