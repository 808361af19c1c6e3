import { database } from "#/db.ts";
import type { Locale } from "#/locale.ts";
import { nameOf } from "#/notify/about-order.ts";
import type { Letter } from "#/notify/letter.ts";

const TEXT = {
  en: {
    subject: (plan: string) => `You are invited to ${plan}`,
    heading: (plan: string) => `A seat of ${plan} is yours`,
    intro: "You were given a seat. Accept it with this e-mail address; it costs you nothing.",
    link: "Accept the seat",
    notYou: "You don't know what this is about? Then you can ignore this mail.",
  },
  hi: {
    subject: (plan: string) => `आपको ${plan} में बुलाया गया है`,
    heading: (plan: string) => `${plan} की एक सीट आपकी है`,
    intro: "आपको एक सीट दी गई है। इसे इसी ई-मेल पते से स्वीकार करें; आपको कुछ नहीं देना है।",
    link: "सीट स्वीकार करें",
    notYou: "आपको इसके बारे में नहीं पता? तो इस मेल को अनदेखा करें।",
  },
};

/** Nothing when the invitation was taken back or accepted meanwhile. */
export async function seatInvitation(
  { seatId }: { seatId: string },
  locale: Locale,
): Promise<Letter | undefined> {
  const seat = await database()
    .db.selectFrom("seat")
    .innerJoin("entitlement", "entitlement.order_id", "seat.order_id")
    .select(["seat.email", "entitlement.product_key as productKey"])
    .where("seat.id", "=", seatId)
    .where("seat.joined_at", "is", null)
    .where("seat.ended_at", "is", null)
    .where("entitlement.kind", "=", "plan")
    .where("entitlement.state", "<>", "ended")
    .executeTakeFirst();
  if (!seat) return undefined;
  const text = TEXT[locale];
  const plan = nameOf(seat.productKey, locale);
  return {
    to: [seat.email],
    locale,
    subject: text.subject(plan),
    heading: text.heading(plan),
    blocks: [
      { kind: "text", text: text.intro },
      { kind: "link", label: text.link, path: `/join/${seatId}` },
      { kind: "note", text: text.notYou },
    ],
  };
}
