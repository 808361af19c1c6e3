import { creditsOf, hasPro, printsOf, requireUser } from "@/lib/account";
import { oncepaid } from "@/lib/oncepaid";
import { dateText } from "@/lib/texts";
import { CARD, QUIET } from "../look";
import { PrintForm } from "./print-form";

export default async function Account() {
  const user = await requireUser("/account");
  const [isPro, { orders }, credits, prints] = await Promise.all([
    hasPro(user.userId),
    oncepaid.orders({ userId: user.userId }),
    creditsOf(user.userId),
    printsOf(user.userId),
  ]);
  const active = orders.flatMap(({ entitlements }) => entitlements).filter(({ state }) => state === "active");
  const recipes = active.find(({ productKey }) => productKey === "recipes");
  const evenings = orders.flatMap(({ booking }) => (booking?.state === "booked" ? [booking] : []));
  return (
    <>
      <h1 className="mt-6 text-3xl font-semibold tracking-tight">Account</h1>
      <p className={`mt-2 break-words ${QUIET}`}>{user.email}</p>
      <div className="mt-8 grid gap-5 md:grid-cols-3">
        <section className={CARD}>
          <h2 className="font-semibold">Darkroom Pro</h2>
          <p className={`mt-2 ${QUIET}`} data-testid="pro">
            {isPro ? "Yours: large prints too." : "Not yours yet."}
          </p>
        </section>
        <section className={CARD}>
          <h2 className="font-semibold">Developing recipes</h2>
          <p className={`mt-2 ${QUIET}`} data-testid="recipes">
            {recipes ? (
              <a className="underline" href={`/api/oncepaid/downloads/${recipes.id}`}>
                Download
              </a>
            ) : (
              "Not yours yet."
            )}
          </p>
        </section>
        <section className={CARD}>
          <h2 className="font-semibold">Evenings</h2>
          <ul className={`mt-2 ${QUIET}`} data-testid="evenings">
            {evenings.map((evening) => (
              <li key={evening.slotId}>
                {dateText(evening)}, {evening.place}
              </li>
            ))}
            {evenings.length === 0 && <li>None booked.</li>}
          </ul>
        </section>
      </div>
      <h2 className="mt-10 text-xl font-semibold">Prints</h2>
      <p className={`mt-1 mb-4 ${QUIET}`}>
        You have <b data-testid="credits">{credits}</b> print credits. A small print costs 1, a large one 3.
      </p>
      <PrintForm isPro={isPro} />
      <ul className="mt-6 divide-y divide-stone-300 dark:divide-stone-700" data-testid="prints">
        {prints.map(({ id, picture, size, credits }) => (
          <li key={id} className="flex justify-between gap-4 py-3">
            <span className="min-w-0 break-words">{picture}</span>
            <span className={QUIET}>
              {size}, {credits} {credits === 1 ? "credit" : "credits"}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
