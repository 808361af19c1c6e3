import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { passkeyHost } from "#/accounts/passkeys.ts";
import { ownPath } from "#/ui/account/own-path.ts";
import classes from "#/ui/account/SignIn.module.css";
import { SignIn } from "#/ui/account/SignIn.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { visitor } from "#/ui/visitor/visitor.ts";

type Query = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("signIn.title"), robots: { index: false, follow: false } };
}

/** `?next=` is where to go on to, a path of our own. */
export default async function SignInPage({ searchParams }: { searchParams: Query }) {
  const { t } = await pageLanguage();
  const next = ownPath((await searchParams).next);
  if ((await visitor()).email !== null) redirect(next);
  return (
    <section className={classes.page}>
      <h1 className={classes.title}>{t("signIn.title")}</h1>
      <p className={classes.lead}>{t("signIn.lead")}</p>
      <BrowserTexts of={["signIn"]}>
        <SignIn next={next} passkey={isDesk(next) && passkeyHost() !== undefined} />
      </BrowserTexts>
    </section>
  );
}

/** Passkeys are operators', so buyers aren't asked for one. */
function isDesk(path: string): boolean {
  return path === "/admin" || path.startsWith("/admin/");
}
