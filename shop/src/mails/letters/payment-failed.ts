import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    first: {
      subject: "Your payment did not go through",
      heading: "Your payment did not go through",
      intro:
        "Your bank turned the payment down, so nothing was charged and nothing is owed. You can pay again, in the same way or another.",
      link: "Back to the shop",
    },
    renewal: {
      subject: "The renewal of your plan could not be paid",
      heading: "Your renewal could not be paid",
      intro:
        "Your plan goes on for now. Please bring your payment details up to date in your account; then it is tried again and nothing is interrupted.",
      link: "Update payment details",
    },
    amount: "Amount",
  },
  hi: {
    first: {
      subject: "आपका भुगतान पूरा नहीं हुआ",
      heading: "आपका भुगतान पूरा नहीं हुआ",
      intro:
        "आपके बैंक ने भुगतान अस्वीकार किया, इसलिए कोई पैसा नहीं लिया गया और कुछ देना बाकी नहीं है। आप उसी या किसी और तरीके से फिर भुगतान कर सकते हैं।",
      link: "दुकान पर वापस जाएँ",
    },
    renewal: {
      subject: "आपके प्लान के नवीनीकरण का भुगतान नहीं हो पाया",
      heading: "नवीनीकरण का भुगतान नहीं हो पाया",
      intro:
        "आपका प्लान अभी चालू है। कृपया अपने खाते में भुगतान की जानकारी ठीक करें; फिर भुगतान दोबारा किया जाएगा और कुछ रुकेगा नहीं।",
      link: "भुगतान की जानकारी बदलें",
    },
    amount: "राशि",
  },
};

/** Of a delayed first payment or of a renewal; nothing when it has been paid since. */
export async function paymentFailed(
  engine: Engine,
  { orderId, stripeId }: { orderId: string; stripeId: string },
  locale: Locale,
): Promise<Letter | undefined> {
  const order = await aboutOrder(engine, orderId);
  const invoice = order.facts.invoices[stripeId];
  const session = order.facts.sessions[stripeId];
  if (invoice ? invoice.paidAt !== undefined : order.paidAt !== null) return undefined;
  const text = TEXT[locale][invoice ? "renewal" : "first"];
  const amount = invoice ? invoice.amountDue : (session?.amountTotal ?? order.amountTotal);
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
          ...amountRow(
            TEXT[locale].amount,
            amount,
            invoice?.currency ?? session?.currency ?? order.currency,
            locale,
          ),
          numberRow(order, locale),
        ],
      },
      { kind: "link", label: text.link, path: invoice ? "/account" : "/pricing" },
    ],
  };
}
