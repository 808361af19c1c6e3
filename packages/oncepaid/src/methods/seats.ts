import { APP } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { accepting, invitation, leaving } from "#/http/seats.ts";
import { acceptSeat, invitationOf, leaveSeat } from "#/plans/membership.ts";
import { invite, listSeats, removeSeat, resendInvitation } from "#/plans/seats.ts";

/** The seats of a plan, by the id of its owner's entitlement. */
export function seatMethods(engine: Engine) {
  return {
    /** Members of a plan that was bought for several. */
    seats: {
      /**
       * Who is invited and who has joined.
       *
       * @example
       * const listed = await oncepaid.seats.list(entitlementId);
       * if (listed.ok) show(`${listed.seats.length} of ${listed.plan.quantity}`);
       */
      list: (entitlementId: string) => listSeats(engine, entitlementId, APP),
      /**
       * Keeps a seat for an address; the invitation is the app's to send (`seat.invited`).
       *
       * @example
       * const invited = await oncepaid.seats.invite(entitlementId, "bob@example.com");
       */
      invite: (entitlementId: string, email: string, { locale = "en" }: { locale?: string } = {}) =>
        asked(invitation, { email }, (body) => invite(engine, entitlementId, body.email, APP, locale)),
      /**
       * Sends an invitation again, and makes it work as long as a new one.
       *
       * @example
       * await oncepaid.seats.resend(entitlementId, seatId);
       */
      resend: (entitlementId: string, seatId: string, { locale = "en" }: { locale?: string } = {}) =>
        resendInvitation(engine, entitlementId, seatId, APP, locale),
      /**
       * Takes a seat back, with the access it gave.
       *
       * @example
       * await oncepaid.seats.remove(entitlementId, seatId);
       */
      remove: (entitlementId: string, seatId: string) => removeSeat(engine, entitlementId, seatId, APP),
      /**
       * What an invitation's page shows: who invites to what, and whether it can still be accepted.
       *
       * @example
       * const invitation = await oncepaid.seats.invitation(seatId);
       * if (invitation?.state === "open") show(invitation.email);
       */
      invitation: (seatId: string) => invitationOf(engine, seatId),
      /**
       * By a user whose address the app has verified.
       *
       * @example
       * await oncepaid.seats.accept(seatId, { userId: user.id, email: user.email });
       */
      accept: (seatId: string, user: { userId: string; email: string }) =>
        asked(accepting, user, (body) =>
          acceptSeat(engine, seatId, { kind: "user", ...body, isOperator: false }),
        ),
      /**
       * A member gives the seat back.
       *
       * @example
       * await oncepaid.seats.leave(seatId, { userId: user.id });
       */
      leave: (seatId: string, user: { userId: string }) =>
        asked(leaving, user, (body) =>
          leaveSeat(engine, seatId, { kind: "user", ...body, email: null, isOperator: false }),
        ),
    },
  };
}
