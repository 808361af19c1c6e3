import Link from "next/link";
import classes from "#/ui/account/AccountHeading.module.css";
import { SignOut } from "#/ui/account/SignOut.tsx";
import way from "#/ui/account/Way.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

type AccountHeadingProps = {
  email: string | null;
  isOperator: boolean;
  /** What this browser bought belongs to an account now. */
  moved: boolean;
  empty: boolean;
};

export async function AccountHeading({ email, isOperator, moved, empty }: AccountHeadingProps) {
  const { t } = await pageLanguage();
  return (
    <div className={classes.heading}>
      <h1 className={classes.title}>{t("account.title")}</h1>
      {email !== null ? (
        <div className={classes.who}>
          <span data-testid="signed-in-as">{t("account.signedInAs", { email })}</span>
          {isOperator && (
            <Link href="/admin" prefetch={false} className={way.way} data-testid="account-to-desk">
              {t("account.toDesk")}
            </Link>
          )}
          <SignOut />
          <SignOut everywhere />
        </div>
      ) : (
        (moved || !empty) && (
          <div className={classes.visitor} data-testid="visitor">
            <Icon name="info" size={22} />
            <p>{t(moved ? "account.moved" : "account.visitor")}</p>
            <LinkButton href="/sign-in?next=/account">{t("account.signIn")}</LinkButton>
          </div>
        )
      )}
    </div>
  );
}
