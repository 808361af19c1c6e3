import Link from "next/link";
import type { AuditEntry } from "oncepaid";
import { orderNumber } from "#/texts/order-number.ts";
import { AuditDetails } from "#/ui/admin/AuditDetails.tsx";
import { actorText } from "#/ui/admin/actor-text.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What was done in plain words, by whom, and what was changed as it was written down. */
export async function AuditRows({
  entries,
  addresses,
}: {
  entries: readonly AuditEntry[];
  /** The addresses of the accounts that did something. */
  addresses: ReadonlyMap<string, string>;
}) {
  const { t } = await pageLanguage();
  if (entries.length === 0) return <p>{t("desk.audit.none")}</p>;
  return (
    <ul className={classes.rows} data-testid="audit">
      {entries.map((entry) => {
        const { id, at, by, about, orderId, details, note } = entry;
        return (
          <li key={id} className={classes.row}>
            <span className={classes.head}>
              <span className={classes.strong}>{sentenceOf(t, entry)}</span>
              {orderId !== null && (
                <Link href={`/admin/orders/${orderId}`} prefetch={false}>
                  {t("desk.order", { number: orderNumber(orderId) })}
                </Link>
              )}
            </span>
            <span className={classes.quiet}>
              <LocalTime at={at} /> · {actorText(t, by, addresses)}
            </span>
            {note !== null && <span>{note}</span>}
            {about !== null && <span className={classes.id}>{about}</span>}
            <AuditDetails details={details} />
          </li>
        );
      })}
    </ul>
  );
}

const ACTS = [
  "support_refund",
  "support_cancel",
  "support_change_plan",
  "support_correct",
  "support_resend",
  "support_grant",
  "support_end",
  "support_restore",
  "support_move",
  "support_claim",
  "support_review",
  "support_create_code",
  "support_deactivate_code",
  "support_move_booking",
  "support_cancel_booking",
  "slot_created",
  "slot_changed",
  "slot_moved",
  "slot_message",
  "slot_canceled",
  "booking_checked_in",
  "booking_check_in_undone",
  "seat_invited",
  "seat_invited_again",
  "seat_removed",
  "download_reissued",
  "event_replayed",
  "event_dismissed",
  "job_replayed",
  "key_created",
  "key_revoked",
  "endpoint_created",
  "endpoint_changed",
  "endpoint_removed",
  "endpoint_secret_replaced",
  "endpoint_resent",
  "operator_added",
  "operator_changed",
  "operator_removed",
  "person_erased",
  "price_pushed",
  "reconcile_started",
  "schema_migrated",
] as const;

/** What an app wrote down itself is told by its own name. */
function sentenceOf(t: Translate, { what }: AuditEntry): string {
  const known = ACTS.find((act) => act === what.replace(".", "_"));
  return known ? t(`desk.audit.acts.${known}`) : what;
}
