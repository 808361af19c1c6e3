import type { AppJob, AppQueues } from "oncepaid/engine.ts";
import type { Happening } from "oncepaid/rules/happenings.ts";
import { z } from "zod";
import { config } from "#/config.ts";
import { LOCALES, type Locale } from "#/locale.ts";
import type { Mail } from "#/mails/mail.ts";
import { sendMail } from "#/mails/send-mail.ts";

/** Mails are a queue of the shop's own: the engine writes a job with the change that causes it. */
export const mailQueue: Omit<AppQueues, "sweeps"> = {
  after: (happening, order) => mailJobs(mailsAfter(happening, localeOfOrder(order.locale))),
  work: { mail: (engine, key, data) => sendMail(engine, key, mailOf(data)) },
};

/** A mail, and the key that says whether it is the same one once more. */
type KeyedMail = { key: string; mail: Mail };

/** Nothing where the shop can't send mail. */
export function mailJobs(mails: readonly KeyedMail[]): AppJob[] {
  if (!config().mail) return [];
  return mails.map(({ key, mail }) => ({ queue: "mail", key, data: mail }));
}

/** Which mail follows what happened. */
function mailsAfter(happening: Happening, locale: Locale): KeyedMail[] {
  switch (happening.type) {
    case "order.fulfilled": {
      const { orderId } = happening;
      return [{ key: `receipt:${orderId}`, mail: { mail: "receipt", orderId, locale } }];
    }
    case "order.refunded": {
      const { orderId, refundId } = happening;
      if (refundId === null) return [];
      return [{ key: `refund:${refundId}`, mail: { mail: "refund", orderId, refundId, locale } }];
    }
    case "payment.failed": {
      const { orderId, stripeId } = happening;
      return [
        { key: `payment_failed:${stripeId}`, mail: { mail: "payment_failed", orderId, stripeId, locale } },
      ];
    }
    case "refund.failed": {
      const { orderId, refundId } = happening;
      return [{ key: `booking:${refundId}`, mail: { mail: "booking", orderId, locale } }];
    }
    case "dispute.opened": {
      const { orderId, disputeId } = happening;
      return [
        { key: `dispute_opened:${disputeId}`, mail: { mail: "dispute_opened", orderId, disputeId, locale } },
      ];
    }
    case "booking.refused": {
      const { orderId } = happening;
      return [{ key: `booking_refused:${orderId}`, mail: { mail: "booking_refused", orderId, locale } }];
    }
    case "booking.changed": {
      const { orderId, at } = happening;
      return [
        { key: `booking_changed:${orderId}:${at}`, mail: { mail: "booking_changed", orderId, locale } },
      ];
    }
    case "booking.canceled": {
      const { orderId } = happening;
      return [{ key: `booking_canceled:${orderId}`, mail: { mail: "booking_canceled", orderId, locale } }];
    }
    case "trial.refused": {
      const { orderId } = happening;
      return [{ key: `trial_refused:${orderId}`, mail: { mail: "trial_refused", orderId, locale } }];
    }
    case "seat.invited": {
      const { seatId, times } = happening;
      return [
        { key: `seat_invitation:${seatId}:${times}`, mail: { mail: "seat_invitation", seatId, locale } },
      ];
    }
    case "order.canceled":
    case "dispute.lost":
    case "dispute.won":
    case "entitlement.changed":
      return [];
  }
}

function localeOfOrder(language: string): Locale {
  return LOCALES.find((locale) => locale === language) ?? "en";
}

const mail: z.ZodType<Mail> = z.intersection(
  z.object({ locale: z.enum(LOCALES) }),
  z.discriminatedUnion("mail", [
    z.object({ mail: z.literal("receipt"), orderId: z.string() }),
    z.object({ mail: z.literal("payment_failed"), orderId: z.string(), stripeId: z.string() }),
    z.object({ mail: z.literal("refund"), orderId: z.string(), refundId: z.string() }),
    z.object({ mail: z.literal("booking"), orderId: z.string() }),
    z.object({ mail: z.literal("booking_changed"), orderId: z.string() }),
    z.object({ mail: z.literal("booking_canceled"), orderId: z.string() }),
    z.object({ mail: z.literal("booking_refused"), orderId: z.string() }),
    z.object({ mail: z.literal("trial_refused"), orderId: z.string() }),
    z.object({ mail: z.literal("seat_invitation"), seatId: z.string() }),
    z.object({ mail: z.literal("sign_in_code"), email: z.string() }),
    z.object({ mail: z.literal("dispute_opened"), orderId: z.string(), disputeId: z.string() }),
  ]),
);

/** What a job says, as it was stored: by this version or one before it. */
function mailOf(data: unknown): Mail {
  return mail.parse(data);
}
