import type { Engine } from "oncepaid/engine.ts";
import { Hopeless } from "oncepaid/outbox/jobs.ts";
import { config } from "#/config.ts";
import { asHtml, asText } from "#/mails/layout.ts";
import type { Letter } from "#/mails/letter.ts";
import { booking } from "#/mails/letters/booking.ts";
import { bookingCanceled } from "#/mails/letters/booking-canceled.ts";
import { bookingRefused } from "#/mails/letters/booking-refused.ts";
import { disputeOpened } from "#/mails/letters/dispute-opened.ts";
import { paymentFailed } from "#/mails/letters/payment-failed.ts";
import { receipt } from "#/mails/letters/receipt.ts";
import { refund } from "#/mails/letters/refund.ts";
import { seatInvitation } from "#/mails/letters/seat-invitation.ts";
import { signInCode } from "#/mails/letters/sign-in-code.ts";
import { trialRefused } from "#/mails/letters/trial-refused.ts";
import type { Mail } from "#/mails/mail.ts";
import { deliver } from "#/mails/transport.ts";

/** Writes and sends one mail of the queue. Throws when it should be tried again. */
export async function sendMail(engine: Engine, key: string, mail: Mail): Promise<void> {
  const letter = await write(engine, mail);
  if (!letter || letter.to.length === 0) {
    engine.log.info(
      { job: key, mail: mail.mail },
      letter ? "nobody to write to" : "nothing to write any more",
    );
    return;
  }
  const { to, subject, attachments } = letter;
  const { appUrl } = config();
  try {
    await deliver(key, {
      to,
      subject,
      html: await asHtml(letter, appUrl),
      text: asText(letter, appUrl),
      attachments: attachments ?? [],
    });
  } catch (error) {
    // Anybody may type any address there, and nobody needs its code any more when a person looks.
    if (!(mail.mail === "sign_in_code" && error instanceof Hopeless)) throw error;
    engine.log.info({ job: key, mail: mail.mail }, "the address was refused");
  }
}

/** The letter as things are now; undefined when there is nothing to tell any more. */
async function write(engine: Engine, mail: Mail): Promise<Letter | undefined> {
  switch (mail.mail) {
    case "receipt":
      return receipt(engine, mail, mail.locale);
    case "payment_failed":
      return paymentFailed(engine, mail, mail.locale);
    case "refund":
      return refund(engine, mail, mail.locale);
    case "booking":
    case "booking_changed":
      return booking(engine, mail, mail.locale);
    case "booking_canceled":
      return bookingCanceled(engine, mail, mail.locale);
    case "booking_refused":
      return bookingRefused(engine, mail, mail.locale);
    case "trial_refused":
      return trialRefused(engine, mail, mail.locale);
    case "seat_invitation":
      return seatInvitation(engine, mail, mail.locale);
    case "sign_in_code":
      return signInCode(mail, mail.locale);
    case "dispute_opened":
      return disputeOpened(engine, mail);
  }
}
