import classes from "#/ui/account/NothingBought.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

export async function NothingBought({ signedIn }: { signedIn: boolean }) {
  const { t } = await pageLanguage();
  return (
    <div className={classes.nothing} data-testid="nothing-bought">
      <h2 className={classes.title}>{t("account.emptyTitle")}</h2>
      <p>{t("account.emptyText")}</p>
      {!signedIn && <p>{t("account.emptyVisitor")}</p>}
      <div className={classes.ways}>
        <LinkButton href="/">{t("account.toShop")}</LinkButton>
        {!signedIn && (
          <LinkButton href="/sign-in" quiet>
            {t("account.signIn")}
          </LinkButton>
        )}
      </div>
    </div>
  );
}
