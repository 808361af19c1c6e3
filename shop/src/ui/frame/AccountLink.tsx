import Link from "next/link";
import classes from "#/ui/frame/MenuLink.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { onTheirWay } from "#/ui/visitor/holdings.ts";
import { visitor } from "#/ui/visitor/visitor.ts";

/** Who is here: somebody signed in, a visitor who may have bought something, or nobody we know. */
export async function AccountLink() {
  const { t } = await pageLanguage();
  const { known, email } = await visitor();
  const word = email ?? t(known ? "menu.purchases" : "menu.signIn");
  const waiting = (await onTheirWay()).length;
  const names = [email === null ? word : t("menu.account", { email })];
  if (waiting > 0) names.push(t("menu.onTheirWay", { count: waiting }));
  const name = names.join(", ");
  return (
    <Link
      href={known ? "/account" : "/sign-in"}
      prefetch={false}
      className={classes.link}
      aria-label={name}
      data-testid="account-link"
    >
      <Icon name="person" size={22} />
      {waiting > 0 && (
        <span
          className={classes.waiting}
          title={t("menu.onTheirWay", { count: waiting })}
          data-testid="on-their-way"
        >
          <Icon name="clock" size={12} />
        </span>
      )}
      <span className={classes.word} data-email={email !== null}>
        {word}
      </span>
    </Link>
  );
}
