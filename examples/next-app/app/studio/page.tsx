import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { currentUser } from "@/lib/account";
import { oncepaid } from "@/lib/oncepaid";
import type { User } from "@/lib/sessions";
import { dateText } from "@/lib/texts";
import { BUTTON, FIELD, QUIET } from "../look";

const HOURS_3_MS = 3 * 60 * 60 * 1000;
const PLACE = "12 Silver Street, back door";

/** Where the owner makes dates. */
export default async function Studio() {
  await requireOwner();
  const slots = await oncepaid.slots.list();
  return (
    <>
      <h1 className="mt-6 text-3xl font-semibold tracking-tight">Evenings</h1>
      <form action={addDate} className="mt-6 grid gap-4 sm:grid-cols-3 sm:items-end">
        <label className="grid gap-1 text-sm">
          Begins (UTC)
          <input name="startsAt" type="datetime-local" required className={FIELD} />
        </label>
        <label className="grid gap-1 text-sm">
          Enlargers
          <input name="capacity" type="number" min={1} max={50} defaultValue={6} required className={FIELD} />
        </label>
        <button type="submit" className={BUTTON}>
          Add
        </button>
      </form>
      <ul className="mt-8 divide-y divide-stone-300 dark:divide-stone-700" data-testid="slots">
        {slots.map((slot) => (
          <li key={slot.id} className="flex flex-wrap justify-between gap-x-4 py-3">
            <span>{dateText(slot)}</span>
            <span className={QUIET}>
              {slot.booked} of {slot.capacity} booked
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

async function addDate(form: FormData): Promise<void> {
  "use server";
  const { userId } = await requireOwner();
  const startsAt = new Date(`${form.get("startsAt")}Z`);
  const when = { startsAt, endsAt: new Date(startsAt.getTime() + HOURS_3_MS), timeZone: "UTC" };
  const slot = { productKey: "evening", ...when, place: PLACE, capacity: Number(form.get("capacity")) };
  await oncepaid.slots.create(slot, { by: userId });
  revalidatePath("/studio");
}

async function requireOwner(): Promise<User> {
  const user = await currentUser();
  return user?.operator ? user : notFound();
}
