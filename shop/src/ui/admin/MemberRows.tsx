import type { Seat } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type MemberRowsProps = { planId: string; seats: readonly Seat[] };

/** Who has a seat of a plan, and who is invited to one. */
export async function MemberRows({ planId, seats }: MemberRowsProps) {
  const { t } = await pageLanguage();
  if (seats.length === 0) return <p>{t("desk.plans.noMembers")}</p>;
  return (
    <ul className={classes.rows}>
      {seats.map(({ id, email, state, invitedAt, joinedAt }) => (
        <li key={id} className={classes.row} data-testid={`member-${email}`}>
          <span className={classes.head}>
            <span className={classes.strong}>{email}</span>
            <span>{t(`desk.plans.member.${state}`)}</span>
          </span>
          <span className={classes.quiet}>
            {t(joinedAt === null ? "desk.plans.invitedAt" : "desk.plans.joinedAt")}{" "}
            <LocalTime at={joinedAt ?? invitedAt} />
          </span>
          <span className={classes.actions}>
            {joinedAt === null && (
              <Operate
                label={t("desk.plans.again")}
                name={email}
                path={`plans/${planId}/seats/${id}/resend`}
              />
            )}
            <Operate
              label={t(joinedAt === null ? "desk.plans.withdraw" : "desk.plans.remove")}
              name={email}
              method="DELETE"
              path={`plans/${planId}/seats/${id}`}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
