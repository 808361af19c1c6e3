import { config } from "#/config.ts";
import { Hopeless, type Mail } from "#/jobs.ts";
import { log } from "#/log.ts";
import { asHtml, asText } from "#/notify/layout.ts";
import type { Letter } from "#/notify/letter.ts";
import { booking } from "#/notify/mails/booking.ts";
import { bookingCanceled } from "#/notify/mails/booking-canceled.ts";
import { bookingRefused } from "#/notify/mails/booking-refused.ts";
import { disputeOpened } from "#/notify/mails/dispute-opened.ts";
import { paymentFailed } from "#/notify/mails/payment-failed.ts";
import { receipt } from "#/notify/mails/receipt.ts";
import { refund } from "#/notify/mails/refund.ts";
import { seatInvitation } from "#/notify/mails/seat-invitation.ts";
import { signInCode } from "#/notify/mails/sign-in-code.ts";
import { trialRefused } from "#/notify/mails/trial-refused.ts";
import { deliver } from "#/notify/transport.ts";

/** Writes and sends one mail of the queue. Throws when it should be tried again. */
export async function sendMail(key: string, mail: Mail): Promise<void> {
  const letter = await write(mail);
  if (!letter || letter.to.length === 0) {
    log().info({ job: key, mail: mail.mail }, letter ? "nobody to write to" : "nothing to write any more");
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
    log().info({ job: key, mail: mail.mail }, "the address was refused");
  }
}

/** The letter as things are now; undefined when there is nothing to tell any more. */
async function write(mail: Mail): Promise<Letter | undefined> {
  switch (mail.mail) {
    case "receipt":
      return receipt(mail, mail.locale);
    case "payment_failed":
      return paymentFailed(mail, mail.locale);
    case "refund":
      return refund(mail, mail.locale);
    case "booking":
    case "booking_changed":
      return booking(mail, mail.locale);
    case "booking_canceled":
      return bookingCanceled(mail, mail.locale);
    case "booking_refused":
      return bookingRefused(mail, mail.locale);
    case "trial_refused":
      return trialRefused(mail, mail.locale);
    case "seat_invitation":
      return seatInvitation(mail, mail.locale);
    case "sign_in_code":
      return signInCode(mail, mail.locale);
    case "dispute_opened":
      return disputeOpened(mail);
  }
}
