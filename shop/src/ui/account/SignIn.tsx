"use client";

import { useState, useSyncExternalStore } from "react";
import { CodeForm } from "#/ui/account/CodeForm.tsx";
import { EmailForm } from "#/ui/account/EmailForm.tsx";
import { LinkForm } from "#/ui/account/LinkForm.tsx";
import { PasskeySignIn } from "#/ui/account/PasskeySignIn.tsx";

/** First the address, then the code that was mailed to it; whoever comes by a receipt's link needs neither. */
export function SignIn({ next, passkey }: { next: string; passkey: boolean }) {
  const link = useSyncExternalStore(onHash, linkInHash, () => "");
  const [email, setEmail] = useState("");
  const [way, setWay] = useState<"link" | "email" | "code">("link");
  if (way === "link" && link !== "") {
    return <LinkForm link={link} next={next} onCode={() => setWay("email")} />;
  }
  return way === "code" ? (
    <CodeForm email={email} next={next} onOtherEmail={() => setWay("email")} />
  ) : (
    <>
      <EmailForm
        email={email}
        onSent={(to) => {
          setEmail(to);
          setWay("code");
        }}
      />
      {passkey && <PasskeySignIn next={next} />}
    </>
  );
}

function onHash(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/** Behind the # of the address: only the browser knows it. */
function linkInHash(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get("link") ?? "";
}
