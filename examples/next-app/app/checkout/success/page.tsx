import Link from "next/link";
import { requireUser } from "@/lib/account";
import { oncepaid } from "@/lib/oncepaid";
import { BUTTON, QUIET } from "../../look";

export default async function Success({ searchParams }: PageProps<"/checkout/success">) {
  const user = await requireUser("/account");
  const { session_id: session } = await searchParams;
  const order = typeof session === "string" ? await oncepaid.returned(session, user.userId) : undefined;
  const done = order?.status === "FULFILLED";
  return (
    <div className="py-12">
      <h1 className="text-3xl font-semibold tracking-tight">{done ? "Thank you" : "Not paid yet"}</h1>
      <p className={`mt-3 ${QUIET}`} data-status={order?.status}>
        {done
          ? "It is paid, and yours."
          : "As soon as the payment has arrived, what you bought is in your account. Nothing is charged twice."}
      </p>
      <p className="mt-8">
        <Link href="/account" className={BUTTON}>
          To your account
        </Link>
      </p>
    </div>
  );
}
