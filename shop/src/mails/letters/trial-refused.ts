import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "This trial has been given before",
    heading: "This trial has been given before",
    intro:
      "The trial of this plan is given once, and the card or the address you gave had one before. So we have ended the plan; nothing was charged, and nothing will be. You are welcome to start it again without a trial.",
    link: "See the plans",
  },
  hi: {
    subject: "यह ट्रायल पहले ही लिया जा चुका है",
    heading: "यह ट्रायल पहले ही लिया जा चुका है",
    intro:
      "इस प्लान का ट्रायल एक ही बार मिलता है, और आपके दिए कार्ड या पते पर वह पहले लिया जा चुका है। इसलिए हमने प्लान बंद कर दिया है; कोई पैसा नहीं काटा गया और न काटा जाएगा। आप चाहें तो इसे बिना ट्रायल के फिर शुरू कर सकते हैं।",
    link: "प्लान देखें",
  },
};

/** To a buyer whose trial was ended, because the card or the address had one before. */
export async function trialRefused(
  engine: Engine,
  { orderId }: { orderId: string },
  locale: Locale,
): Promise<Letter> {
  const order = await aboutOrder(engine, orderId);
  const text = TEXT[locale];
  return {
    to: buyerOf(order),
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: text.intro },
      { kind: "rows", rows: [...itemRows(order, locale), numberRow(order, locale)] },
      { kind: "link", label: text.link, path: "/pricing" },
    ],
  };
}
