"use client";

import { useActionState } from "react";
import { BUTTON, FIELD, QUIET } from "../look";
import { signIn } from "./actions";

export function SignInForm({ next }: { next: string }) {
  const [problem, action, pending] = useActionState(signIn, null);
  return (
    <form action={action} className="mt-6 grid gap-4">
      <input type="hidden" name="next" value={next} />
      <label className="grid gap-1 text-sm">
        E-mail
        <input name="email" type="email" required autoComplete="email" className={FIELD} />
      </label>
      <label className="grid gap-1 text-sm">
        Password
        <input
          name="password"
          type="password"
          required
          minLength={8}
          maxLength={200}
          autoComplete="current-password"
          className={FIELD}
        />
      </label>
      <button type="submit" disabled={pending} className={BUTTON}>
        Sign in
      </button>
      <p className={QUIET}>An address that is new here gets an account with this password.</p>
      {problem && (
        <p role="alert" className="text-sm text-red-700 dark:text-red-400">
          {problem}
        </p>
      )}
    </form>
  );
}
