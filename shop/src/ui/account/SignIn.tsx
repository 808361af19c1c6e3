"use client";

import { useState } from "react";
import { CodeForm } from "#/ui/account/CodeForm.tsx";
import { EmailForm } from "#/ui/account/EmailForm.tsx";

/** First the address, then the code that was mailed to it. */
export function SignIn({ next }: { next: string }) {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  return sent ? (
    <CodeForm email={email} next={next} onOtherEmail={() => setSent(false)} />
  ) : (
    <EmailForm
      email={email}
      onSent={(to) => {
        setEmail(to);
        setSent(true);
      }}
    />
  );
}
