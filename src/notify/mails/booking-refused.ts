import type { Locale } from "#/locale.ts";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/notify/about-order.ts";
import type { Letter } from "#/notify/letter.ts";

const TEXT = {
  en: {
    subject: "No place was left; your money is on its way back",
    heading: "No place was left",
    intro:
      "Your payment came after the last place was taken. We are giving all of it back, to the card or account you paid with; you need to do nothing. We are sorry.",
    amount: "Refunded",
    link: "See other dates",
  },
  hi: {
    subject: "कोई जगह नहीं बची; आपका पैसा लौटाया जा रहा है",
    heading: "कोई जगह नहीं बची",
    intro:
      "आपका भुगतान आख़िरी जगह भर जाने के बाद आया। हम पूरा पैसा उसी कार्ड या खाते में लौटा रहे हैं जिससे आपने भुगतान किया था; आपको कुछ नहीं करना है। हमें खेद है।",
    amount: "लौटाई जा रही राशि",
    link: "दूसरी तारीख़ें देखें",
  },
};

/** To a buyer whose payment came when no place was left. */
export async function bookingRefused({ orderId }: { orderId: string }, locale: Locale): Promise<Letter> {
  const order = await aboutOrder(orderId);
  const text = TEXT[locale];
  return {
    to: buyerOf(order),
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: text.intro },
      {
        kind: "rows",
        rows: [
          ...itemRows(order, locale),
          ...amountRow(text.amount, order.amountTotal, order.currency, locale),
          numberRow(order, locale),
        ],
      },
      { kind: "link", label: text.link, path: "/pricing" },
    ],
  };
}
