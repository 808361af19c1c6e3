import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "We couldn't book your place",
    heading: "We couldn't book your place",
    intro:
      "When your payment came, the last place had been taken, or the date had been canceled or had begun. We are sorry.",
    money: "We are giving all of it back, to the card or account you paid with; you need to do nothing.",
    amount: "Refunded",
    link: "See other dates",
  },
  hi: {
    subject: "आपकी जगह बुक नहीं हो सकी",
    heading: "आपकी जगह बुक नहीं हो सकी",
    intro: "जब आपका भुगतान आया, तब तक आख़िरी जगह भर चुकी थी, या वह तारीख़ रद्द या शुरू हो चुकी थी। हमें खेद है।",
    money: "हम पूरा पैसा उसी कार्ड या खाते में लौटा रहे हैं जिससे आपने भुगतान किया था; आपको कुछ नहीं करना है।",
    amount: "लौटाई जा रही राशि",
    link: "दूसरी तारीख़ें देखें",
  },
};

/** To a buyer whose payment came when no place was left. */
export async function bookingRefused(
  engine: Engine,
  { orderId }: { orderId: string },
  locale: Locale,
): Promise<Letter> {
  const order = await aboutOrder(engine, orderId);
  const text = TEXT[locale];
  const isFree = order.amountTotal === 0;
  return {
    to: buyerOf(order),
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: isFree ? text.intro : `${text.intro} ${text.money}` },
      {
        kind: "rows",
        rows: [
          ...itemRows(order, locale),
          ...(isFree ? [] : amountRow(text.amount, order.amountTotal, order.currency, locale)),
          numberRow(order, locale),
        ],
      },
      { kind: "link", label: text.link, path: "/pricing" },
    ],
  };
}
