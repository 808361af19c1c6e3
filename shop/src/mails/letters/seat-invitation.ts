import type { Engine } from "oncepaid/engine.ts";
import { invitationOf } from "oncepaid/plans/membership.ts";
import type { Locale } from "#/locale.ts";
import { nameOf } from "#/mails/about-order.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: (plan: string) => `You are invited to ${plan}`,
    heading: (plan: string) => `A seat of ${plan} is yours`,
    intro: (by: string | null) =>
      `${by === null ? "You were given a seat" : `${by} gave you a seat`}. Accept it with this e-mail address; it costs you nothing.`,
    link: "Accept the seat",
    notYou: "You don't know what this is about? Then you can ignore this mail.",
  },
  hi: {
    subject: (plan: string) => `आपको ${plan} में बुलाया गया है`,
    heading: (plan: string) => `${plan} की एक सीट आपकी है`,
    intro: (by: string | null) =>
      `${by === null ? "आपको एक सीट दी गई है" : `${by} ने आपको एक सीट दी है`}। इसे इसी ई-मेल पते से स्वीकार करें; आपको कुछ नहीं देना है।`,
    link: "सीट स्वीकार करें",
    notYou: "आपको इसके बारे में नहीं पता? तो इस मेल को अनदेखा करें।",
  },
};

/** Nothing when the invitation was taken back or accepted meanwhile. */
export async function seatInvitation(
  engine: Engine,
  { seatId }: { seatId: string },
  locale: Locale,
): Promise<Letter | undefined> {
  const invitation = await invitationOf(engine, seatId);
  if (invitation?.state !== "open") return undefined;
  const text = TEXT[locale];
  const plan = nameOf(invitation.productKey, locale);
  return {
    to: [invitation.email],
    locale,
    subject: text.subject(plan),
    heading: text.heading(plan),
    blocks: [
      { kind: "text", text: text.intro(invitation.invitedBy) },
      { kind: "link", label: text.link, path: `/join/${seatId}` },
      { kind: "note", text: text.notYou },
    ],
  };
}
