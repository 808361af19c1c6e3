import { booking, download, type Offer, type Oncepaid, plan } from "oncepaid";
import type { ProductText, ShopProduct } from "#/catalog/shop-product.ts";
import { inLanguage, type Locale } from "#/locale.ts";

/**
 * What is sold. The browser names a product by its key, so an amount never travels through the browser. Edit this list to sell
 * something else: any number of products of the three kinds. The amounts are those of the sandbox; on a real account
 * STRIPE_PRICE_… names the prices (price-variables.ts).
 */

export const products = [
  {
    ...download({
      key: "ebook",
      name: "The Stripe Checkout Field Guide",
      description: "Everything that happens after the card was charged.",
      price: { amount: 1900, currency: "usd", amounts: { inr: 149900 } },
      files: [{ key: "guide", name: "stripe-checkout-field-guide.pdf", path: "field-guide.pdf" }],
    }),
    pictures: [
      {
        src: "/pictures/field-guide.jpg",
        width: 1200,
        height: 900,
        alt: {
          en: "A green book with a gold ribbon, a ringed coin on its cover",
          hi: "सुनहरे फ़ीते वाली हरी किताब, आवरण पर गोल घेरे में सिक्का",
        },
      },
    ],
    previews: [{ href: "/previews/field-guide.pdf", name: { en: "Read the first pages", hi: "पहले पन्ने पढ़ें" } }],
    text: {
      en: {
        label: "E-book",
        name: "The Stripe Checkout Field Guide",
        description: "Everything that happens after the card was charged.",
        about: [
          "Taking a card is the easy part. This guide is about what comes after: payments that arrive twice, late or out of order, refunds that leave access behind, and the renewal that fails on a Sunday night.",
          "Each chapter starts with one real situation, shows what Stripe sends, and ends with the rule that keeps the buyer and the books right.",
        ],
        gets: ["The complete e-book", "One payment, no renewal", "Yours to keep"],
      },
      hi: {
        label: "ई-बुक",
        name: "Stripe Checkout फ़ील्ड गाइड",
        description: "कार्ड से पैसे कटने के बाद जो कुछ होता है, वह सब।",
        about: [
          "कार्ड से पैसे लेना आसान हिस्सा है। यह गाइड उसके बाद की बात करती है: भुगतान जो दो बार, देर से या उलटे क्रम में आते हैं, रिफ़ंड जिनके बाद भी एक्सेस बना रहता है, और नवीनीकरण जो रविवार की रात अटक जाता है।",
          "हर अध्याय एक असली स्थिति से शुरू होता है, दिखाता है कि Stripe क्या भेजता है, और उस नियम पर ख़त्म होता है जिससे ख़रीदार और हिसाब दोनों सही रहते हैं।",
        ],
        gets: ["पूरी ई-बुक", "एक ही भुगतान, कोई नवीनीकरण नहीं", "हमेशा आपकी"],
      },
    },
  },
  {
    ...plan({
      key: "pro",
      name: "Pro plan",
      description: "One plan for the whole team, priced by the seat.",
      // The first is what it is sold under where nobody chooses.
      prices: {
        default: { amount: 2900, currency: "usd", amounts: { inr: 219900 }, interval: "month" },
        year: { amount: 29000, currency: "usd", amounts: { inr: 2199000 }, interval: "year" },
      },
    }),
    pictures: [
      {
        src: "/pictures/pro-plan.jpg",
        width: 1200,
        height: 900,
        alt: { en: "Nine seats in three rows, one of them gold", hi: "तीन क़तारों में नौ सीटें, उनमें से एक सुनहरी" },
      },
    ],
    text: {
      en: {
        label: "Subscription",
        name: "Pro plan",
        description: "One plan for the whole team, priced by the seat.",
        about: [
          "Buy as many seats as your team needs and give each to a person by e-mail. Add or remove seats whenever you like; only the difference is charged.",
          "You can cancel at any time. What is paid stays yours until the end of the period.",
        ],
        gets: ["As many seats as you need", "One subscription for all of them", "Renews by itself"],
      },
      hi: {
        label: "सदस्यता",
        name: "प्रो प्लान",
        description: "पूरी टीम के लिए एक प्लान, क़ीमत सीट के हिसाब से।",
        about: [
          "टीम को जितनी सीटें चाहिए उतनी ख़रीदें और हर सीट ईमेल से किसी को दें। सीटें जब चाहें बढ़ाएँ या घटाएँ; केवल अंतर का पैसा लगता है।",
          "आप कभी भी रद्द कर सकते हैं। जितने समय का भुगतान हो चुका है, तब तक प्लान आपका रहता है।",
        ],
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
      changes: { untilHours: 48, move: true, cancel: "refund" },
    }),
    pictures: [
      {
        src: "/pictures/workshop.jpg",
        width: 1200,
        height: 900,
        alt: {
          en: "Ten chairs around a table under a gold lamp",
          hi: "सुनहरे लैंप के नीचे मेज़ के चारों ओर दस कुर्सियाँ",
        },
      },
    ],
    text: {
      en: {
        label: "Live workshop",
        name: "Payments that survive",
        description: "Three hours live, with time for your own questions.",
        about: [
          "In three hours we build a payment that survives everything: a browser that closes too early, a webhook that comes twice, a database that restarts in between.",
          "Bring your own code and questions. There are ten places at most, so there is time for each.",
        ],
        gets: ["One place in the workshop", "Ten people at most", "One payment, no renewal"],
      },
      hi: {
        label: "लाइव वर्कशॉप",
        name: "टिकाऊ भुगतान",
        description: "तीन घंटे लाइव, आपके अपने सवालों के लिए समय के साथ।",
        about: [
          "तीन घंटे में हम ऐसा भुगतान बनाते हैं जो हर हाल में टिके: ब्राउज़र पहले बंद हो जाए, वेबहुक दो बार आए, या डेटाबेस बीच में फिर से चालू हो।",
          "अपना कोड और अपने सवाल साथ लाएँ। अधिकतम दस जगहें हैं, इसलिए हर सवाल के लिए समय है।",
        ],
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
  const text = findProduct(key)?.text;
  return text ? inLanguage(text, locale) : { label: "", name: key, description: "", about: [], gets: [] };
}
