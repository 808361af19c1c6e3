import Link from "next/link";
import type { InboxEvent } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What can be done about a message of Stripe as it is now, and the way to its order. */
export async function EventActions({ event }: { event: InboxEvent }) {
  const { t } = await pageLanguage();
  const { id, outcome, orderId } = event;
  const waits = outcome === "failed" || outcome === "quarantined";
  if (outcome === "applied" && orderId === null) return null;
  return (
    <span className={classes.actions}>
      {outcome !== "applied" && (
        <Operate label={t("admin.replay")} name={id} path={`admin/events/${id}/replay`} />
      )}
      {waits && <Operate label={t("admin.dismiss")} name={id} path={`admin/events/${id}/dismiss`} />}
      {orderId && (
        <Link href={`/admin/orders/${orderId}`} prefetch={false}>
          {t("admin.toOrder")}
        </Link>
      )}
    </span>
  );
}
