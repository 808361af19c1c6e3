"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { type ProductKey, useCheckout, useEntitlements } from "@/lib/oncepaid-react";
import { BUTTON, QUIET } from "../look";

export function BuyForm({ productKey, children }: { productKey: ProductKey; children: ReactNode }) {
  const { buy, pending, problem } = useCheckout();
  const { has } = useEntitlements();
  const router = useRouter();

  async function submit(form: FormData): Promise<void> {
    const slotId = form.get("slotId");
    const bought = await buy({ productKey, ...(typeof slotId === "string" && { slotId }) });
    if (!bought.ok && bought.code === "unauthenticated") router.push("/sign-in?next=/pricing");
  }

  if (productKey === "pro" && has("pro")) return <p className={QUIET}>You have it.</p>;
  return (
    <form action={submit} data-testid={`buy-${productKey}`}>
      {children}
      <button type="submit" disabled={pending} className={`w-full ${BUTTON}`}>
        {pending ? "One moment…" : "Buy"}
      </button>
      {problem && (
        <p role="alert" className="mt-3 text-sm text-red-700 dark:text-red-400">
          {problem.error}
        </p>
      )}
    </form>
  );
}
