import { config } from "#/config.ts";
import { database } from "#/db.ts";
import type { Mail } from "#/jobs.ts";
import { log } from "#/log.ts";
import { deliver } from "#/notify/transport.ts";
import { claimOrder } from "#/orders/ownership.ts";

/** Sends one mail of the queue. Throws when it should be tried again. */
export async function sendMail(key: string, mail: Mail): Promise<void> {
  // First, and whether or not a mail can be sent: a visitor's purchase may belong to an account by now.
  if (mail.mail === "receipt") await claimOrder(mail.orderId);
  if (!config().mail) {
    log().warn({ job: key }, "mail is off: SMTP_URL is not set");
    return;
  }
  const to = await recipient(mail);
  if (to === undefined) {
    log().info({ job: key }, "no mail: nobody to write to");
    return;
  }
  await deliver(key, { to, subject: mail.mail, text: key, html: "" });
}

async function recipient(mail: Mail): Promise<string | undefined> {
  if ("email" in mail) return mail.email;
  if (!("orderId" in mail)) return undefined;
  const order = await database()
    .db.selectFrom("order")
    .select("email")
    .where("id", "=", mail.orderId)
    .executeTakeFirst();
  return order?.email ?? undefined;
}
