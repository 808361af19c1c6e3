import { Notice } from "#/ui/frame/Notice.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

/** One page for somebody else's order, an unknown id and no id: a difference would tell which orders exist. */
export default async function OrderNotShown() {
  const { t } = await pageLanguage();
  return (
    <Notice
      icon="lock"
      title={t("hidden.title")}
      actions={
        <>
          <LinkButton href="/sign-in?next=/account">{t("hidden.signIn")}</LinkButton>
          <LinkButton href="/" quiet>
            {t("order.back")}
          </LinkButton>
        </>
      }
    >
      <p>{t("hidden.text")}</p>
      <p>{t("hidden.paid")}</p>
    </Notice>
  );
}
