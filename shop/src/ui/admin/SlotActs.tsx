import type { ManagedSlot } from "oncepaid";
import { Act } from "#/ui/admin/Act.tsx";
import { ChangeCapacity } from "#/ui/admin/ChangeCapacity.tsx";
import { MessageForm } from "#/ui/admin/MessageForm.tsx";
import { MoveSlot } from "#/ui/admin/MoveSlot.tsx";
import classes from "#/ui/admin/rows.module.css";
import { textsOf } from "#/ui/admin/slot-form.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What can be done about a date as it is now; what can't apply isn't offered. */
export async function SlotActs({ slot }: { slot: ManagedSlot }) {
  const { t } = await pageLanguage();
  const { id, booked, held, capacity, closedAt } = slot;
  const turn = closedAt === null ? "close" : "open";
  return (
    <div className={classes.rows}>
      {booked > 0 && <MessageForm slotId={id} booked={booked} />}
      <MoveSlot slotId={id} texts={textsOf(slot)} booked={booked} held={held} />
      <ChangeCapacity slotId={id} capacity={capacity} taken={booked + held} />
      <Act
        testId={`act-${turn}`}
        title={t(`admin.date.${turn}Title`)}
        will={t(`admin.date.${turn}Will`)}
        button={t(`admin.date.${turn}Button`)}
        done={t(`admin.date.${turn}Done`)}
        method="PATCH"
        path={`admin/slots/${id}`}
        body={{ closed: closedAt === null }}
      />
    </div>
  );
}
