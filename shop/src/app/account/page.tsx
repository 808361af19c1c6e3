import type { Metadata } from "next";
import { headers } from "next/headers";
import { oncepaid } from "#/oncepaid.ts";
import { AccountHeading } from "#/ui/account/AccountHeading.tsx";
import { NothingBought } from "#/ui/account/NothingBought.tsx";
import { Purchases } from "#/ui/account/Purchases.tsx";
import { purchasesOf } from "#/ui/account/purchases-of.ts";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("account.title"), robots: { index: false, follow: false } };
}

/** What this visitor or account has bought or was given a seat of, and everything that can be done with it. */
export default async function AccountPage() {
  const caller = await oncepaid().caller(await headers());
  const user = !("ok" in caller) && caller.kind === "user" ? caller : undefined;
  const bought = user && (await purchasesOf(user.userId));
  const email = user?.email ?? null;
  const moved = user !== undefined && email === null && (await oncepaid().owners.hasMoved(user.userId));
  return (
    <BrowserTexts of={["account", "seats", "order", "slot"]}>
      <AccountHeading email={email} isOperator={user?.isOperator === true} moved={moved} empty={!bought} />
      {bought ? (
        <Purchases bought={bought} signedIn={email !== null} />
      ) : (
        <NothingBought signedIn={email !== null} />
      )}
    </BrowserTexts>
  );
}
