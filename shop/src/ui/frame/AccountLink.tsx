import Link from "next/link";
import classes from "#/ui/frame/MenuLink.module.css";
import { visitor } from "#/ui/frame/visitor.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";

/** Who is here: somebody signed in, a visitor who may have bought something, or nobody we know. */
export async function AccountLink() {
  const { t } = await pageLanguage();
  const { known, email } = await visitor();
  const word = email ?? t(known ? "menu.purchases" : "menu.signIn");
  const name = email === null ? word : t("menu.account", { email });
  return (
    <Link
      href={known ? "/account" : "/sign-in"}
      className={classes.link}
      aria-label={name}
      data-testid="account-link"
    >
      <Icon name="person" size={22} />
      <span className={classes.word} data-email={email !== null}>
        {word}
      </span>
    </Link>
  );
}
