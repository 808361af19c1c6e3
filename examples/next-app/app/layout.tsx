import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { currentUser } from "@/lib/account";
import { signOut } from "./sign-in/actions";
import "./globals.css";

export const metadata: Metadata = {
  title: "Darkroom",
  description: "Prints on real paper, and evenings to make your own.",
};

export default function RootLayout({ children }: LayoutProps<"/">) {
  return (
    <html lang="en">
      <body className="mx-auto min-h-dvh max-w-4xl px-5 pb-16 antialiased">
        <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-5">
          <Link href="/" className="text-lg font-semibold tracking-tight">
            <span aria-hidden="true" className="mr-2 inline-block size-3 rounded-full bg-red-600" />
            Darkroom
          </Link>
          <nav className="flex items-center gap-5 text-sm">
            <Link href="/pricing" className="hover:underline">
              Shop
            </Link>
            <Suspense fallback={<span className="w-24" />}>
              <Account />
            </Suspense>
          </nav>
        </header>
        <main>
          <Suspense fallback={<p className="py-16 opacity-60">One moment…</p>}>{children}</Suspense>
        </main>
      </body>
    </html>
  );
}

async function Account() {
  const user = await currentUser();
  if (!user) {
    return (
      <Link href="/sign-in" className="hover:underline">
        Sign in
      </Link>
    );
  }
  return (
    <>
      {user.operator && (
        <Link href="/studio" className="hover:underline">
          Studio
        </Link>
      )}
      <Link href="/account" className="hover:underline">
        Account
      </Link>
      <form action={signOut}>
        <button type="submit" className="cursor-pointer hover:underline">
          Sign out
        </button>
      </form>
    </>
  );
}
