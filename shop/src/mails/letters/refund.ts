import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { calendarOf } from "#/mails/calendar.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "Your refund is on its way",
    heading: "Your refund is on its way",
    intro:
      "We have given money back to you, to the card or account you paid with. Banks usually show it within 5 to 10 days.",
    ended: "With everything paid back, the access that came with it has ended.",
    amount: "Refunded now",
    total: "Refunded in all",
  },
  hi: {
    subject: "आपका रिफ़ंड भेज दिया गया है",
    heading: "आपका रिफ़ंड भेज दिया गया है",
    intro:
      "हमने आपको पैसे उसी कार्ड या खाते में लौटाए हैं जिससे आपने भुगतान किया था। बैंक में यह आमतौर पर 5 से 10 दिन में दिखता है।",
    ended: "पूरा पैसा लौटा दिया गया है, इसलिए उससे मिला एक्सेस समाप्त हो गया है।",
    amount: "अभी लौटाया गया",
    total: "कुल लौटाया गया",
  },
};

/** Of one refund, partial or full; nothing when the bank has sent it back meanwhile. */
export async function refund(
  engine: Engine,
  { orderId, refundId }: { orderId: string; refundId: string },
  locale: Locale,
): Promise<Letter | undefined> {
  const order = await aboutOrder(engine, orderId);
  const made = order.facts.refunds[refundId];
  if (!made || made.failedAt !== undefined) return undefined;
  const text = TEXT[locale];
  const calendar = await calendarOf(engine, orderId, locale);
  const isWhole = made.amount === order.amountRefunded;
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
          ...amountRow(text.amount, made.amount, order.currency, locale),
          ...(isWhole ? [] : amountRow(text.total, order.amountRefunded, order.currency, locale)),
          numberRow(order, locale),
        ],
      },
      ...(order.status === "REFUNDED" ? [{ kind: "text", text: text.ended } as const] : []),
    ],
    // The place went back with the money: so does the entry in the buyer's calendar.
    attachments: calendar?.cancels ? [calendar] : [],
  };
}
