"use client";

import { useActionState } from "react";
import { BUTTON, FIELD } from "../look";
import { orderPrint } from "./actions";

export function PrintForm({ isPro }: { isPro: boolean }) {
  const [problem, action, pending] = useActionState(orderPrint, null);
  return (
    <form action={action} className="grid gap-3 sm:grid-cols-[1fr_auto_auto]">
      <input
        name="picture"
        required
        maxLength={100}
        aria-label="Picture"
        placeholder="Which picture"
        className={FIELD}
      />
      <select name="size" aria-label="Size" className={FIELD}>
        <option value="small">Small</option>
        <option value="large" disabled={!isPro}>
          Large (Pro)
        </option>
      </select>
      <button type="submit" disabled={pending} className={BUTTON}>
        Order print
      </button>
      {problem && (
        <p role="alert" className="text-sm text-red-700 dark:text-red-400">
          {problem}
        </p>
      )}
    </form>
  );
}
