import { z } from "zod";
import { nameOf } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** Nothing when the invitation was taken back or accepted meanwhile. */
export const seatInvitation = kindOfLetter({
  about: z.object({ seatId: z.string() }),
  after: following("seat.invited", ({ seatId, times }) => ({ key: `${seatId}:${times}`, about: { seatId } })),
  write: async (oncepaid, { seatId }, locale) => {
    const invitation = await oncepaid.seats.invitation(seatId);
    if (invitation?.state !== "open") return undefined;
    const t = mailText(locale);
    const by = invitation.invitedBy;
    const plan = nameOf(invitation.productKey, locale);
    return {
      to: [invitation.email],
      locale,
      because: "seat",
      subject: t("seat_invitation.subject", { plan }),
      heading: t("seat_invitation.heading", { plan }),
      blocks: [
        {
          kind: "text",
          text: by === null ? t("seat_invitation.intro") : t("seat_invitation.introBy", { by }),
        },
        { kind: "link", label: t("seat_invitation.link"), path: `/join/${seatId}` },
        { kind: "note", text: t("seat_invitation.notYou") },
      ],
    };
  },
});
