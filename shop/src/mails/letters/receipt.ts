import type { Engine } from "oncepaid/engine.ts";
import { makeSignInCode } from "#/accounts/codes.ts";
import { claimOrder } from "#/accounts/ownership.ts";
import { findProduct } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import {
  type AboutOrder,
  aboutOrder,
  amountRow,
  buyerOf,
  itemRows,
  longDate,
  numberRow,
} from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import type { Block, Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "Your receipt and your access",
    heading: "Thank you. It's yours.",
    intro: "Your payment has been confirmed and your access is open.",
    total: "Total paid",
    date: "Paid on",
    download: "Your files wait for you in your account.",
    plan: "Your plan is active. In your account you can give its seats to your team and see when it renews.",
    booking: "Your place is booked.",
    account: "Open your account",
    signIn: "To open your account, sign in with this e-mail address and this code:",
    codeLife: "The code is good for ten minutes. Later, ask for a new one on the sign-in page.",
  },
  hi: {
    subject: "आपकी रसीद और आपका एक्सेस",
    heading: "धन्यवाद। यह अब आपका है।",
    intro: "आपके भुगतान की पुष्टि हो गई है और आपका एक्सेस खुल गया है।",
    total: "कुल भुगतान",
    date: "भुगतान की तारीख़",
    download: "आपकी फ़ाइलें आपके खाते में हैं।",
    plan: "आपका प्लान चालू है। अपने खाते में आप उसकी सीटें अपनी टीम को दे सकते हैं और देख सकते हैं कि नवीनीकरण कब होगा।",
    booking: "आपकी जगह बुक हो गई है।",
    account: "अपना खाता खोलें",
    signIn: "अपना खाता खोलने के लिए इस ई-मेल पते और इस कोड से साइन इन करें:",
    codeLife: "कोड दस मिनट तक चलेगा। उसके बाद साइन-इन पेज पर नया कोड माँगें।",
  },
};

/** The receipt, with the way to what was bought. It also brings the order to the account its buyer has by now. */
export async function receipt(
  engine: Engine,
  { orderId }: { orderId: string },
  locale: Locale,
): Promise<Letter> {
  const order = await aboutOrder(engine, orderId);
  const ofVisitor = await claimOrder(engine, orderId);
  const [email] = buyerOf(order);
  const text = TEXT[locale];
  const code: Block[] =
    ofVisitor && email !== undefined
      ? [
          { kind: "text", text: text.signIn },
          { kind: "code", code: await makeSignInCode(email) },
          { kind: "note", text: text.codeLife },
        ]
      : [];
  const calendar = await calendarOf(engine, orderId, locale);
  const paid = order.paidAt ? [{ name: text.date, value: longDate(order.paidAt, locale) }] : [];
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
          ...(await placeRows(engine, orderId, locale)),
          ...amountRow(text.total, order.amountTotal, order.currency, locale),
          ...paid,
          numberRow(order, locale),
        ],
      },
      ...kindsOf(order).map((kind): Block => ({ kind: "text", text: text[kind] })),
      ...code,
      { kind: "link", label: text.account, path: "/account" },
    ],
    attachments: calendar ? [calendar] : [],
  };
}

function kindsOf({ items }: AboutOrder) {
  return [...new Set(items.flatMap(({ productKey }) => findProduct(productKey)?.kind ?? []))];
}
