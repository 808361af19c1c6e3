import { products } from "oncepaid-shop/catalog/products.ts";
import { config } from "oncepaid-shop/config.ts";
import { checkMailServer } from "oncepaid-shop/mails/transport.ts";
import { database } from "#/database/database.ts";
import { storage } from "#/downloads/storage.ts";
import { type Finding, fail, messageOf, ok, warn } from "#/operations/doctor/finding.ts";

/** What stands beside the app: the mail server, the files that are sold, whoever does the work that is queued. */

export async function checkMail(): Promise<Finding[]> {
  const { mail, stripe } = config();
  if (!mail) {
    const what = "SMTP_URL is not set, so no receipt and no sign-in code is sent.";
    return [
      warn(
        what,
        stripe.mode === "sandbox"
          ? "`npm start` brings a mail catcher along."
          : "Set SMTP_URL and MAIL_FROM to your mail provider's.",
      ),
    ];
  }
  try {
    await checkMailServer(mail.url);
    return [ok(`${new URL(mail.url).host} takes mail.`)];
  } catch (error) {
    return [
      fail(
        `The mail server doesn't take mail: ${messageOf(error)}.`,
        "Correct SMTP_URL: host, port, user and password, with special characters percent-encoded.",
      ),
    ];
  }
}

export async function checkFiles(): Promise<Finding[]> {
  const files = products.flatMap((product) =>
    product.kind === "download" && config().stripe.prices[product.priceVariable]
      ? product.files.map(({ path }) => ({ key: product.key, path }))
      : [],
  );
  const { protocol, host, pathname } = config().storageUrl;
  const where = protocol === "file:" ? pathname : host + pathname;
  const findings: Finding[] = [];
  for (const { key, path } of files) {
    try {
      if (await storage().stat(path)) continue;
      findings.push(
        fail(
          `“${key}” sells ${path}, which is not in ${where}.`,
          "Put the file there, or correct its path in src/catalog/products.ts.",
        ),
      );
    } catch (error) {
      findings.push(
        fail(
          `The files can't be read from ${where}: ${messageOf(error)}.`,
          "Correct STORAGE_URL: host, bucket, key and secret, with special characters percent-encoded.",
        ),
      );
      break;
    }
  }
  return findings.length > 0 ? findings : [ok(`What is sold is in ${where} (files: ${files.length}).`)];
}

type Work = { workers: number; waiting: number; age: number | null };

export async function checkWork(): Promise<Finding[]> {
  const { rows } = await database().pool.query<{ ready: boolean }>(
    "select to_regclass('pgboss.instance') is not null as ready",
  );
  if (!rows[0]?.ready) {
    return [
      fail(
        "The job queue's tables are missing, so no mail and no refund is sent.",
        "Start this version once with `npm start`: it makes them.",
      ),
    ];
  }
  const { rows: found } = await database().pool.query<Work>(
    `select (select count(*)::int from pgboss.instance
              where stopped_on is null and heartbeat_on > now() - heartbeat_seconds * 3 * interval '1 second') as workers,
            (select count(*)::int from outbox) as waiting,
            (select extract(epoch from now() - min(created_at))::int from outbox) as age`,
  );
  const { workers = 0, waiting = 0, age = null } = found[0] ?? {};
  if (workers === 0) {
    return [
      fail(
        "No worker is alive, so mails, refunds and sweeps wait.",
        config().worker === "off"
          ? "Start `npm run worker`."
          : "Start the app: it does the work itself while WORKER is inline.",
      ),
    ];
  }
  const STUCK_SECONDS = 300;
  if (age !== null && age > STUCK_SECONDS) {
    return [
      fail(
        `${waiting} pieces of work wait to be queued, the oldest for ${age} s.`,
        "Look into the worker's log for “relay”.",
      ),
    ];
  }
  return [ok(`${workers} alive.`)];
}
