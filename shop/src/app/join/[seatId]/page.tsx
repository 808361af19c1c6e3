import type { Metadata } from "next";
import { headers } from "next/headers";
import type { Invitation } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { JoinPage } from "#/ui/account/JoinPage.tsx";
import { Notice } from "#/ui/frame/Notice.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

type Props = { params: Promise<{ seatId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, t } = await pageLanguage();
  const invitation = await oncepaid().seats.invitation((await params).seatId);
  const product = invitation && productText(locale, invitation.productKey).name;
  const title = product === undefined ? t("join.missing") : t("join.title", { product });
  return { title, robots: { index: false, follow: false } };
}

/** Where the link of an invitation leads. The link alone gives nothing: the seat is for who reads that address's mail. */
export default async function Page({ params }: Props) {
  const invitation: Invitation | undefined = await oncepaid().seats.invitation((await params).seatId);
  if (invitation) {
    const caller = await oncepaid().caller(await headers());
    const email = !("ok" in caller) && caller.kind === "user" ? caller.email : null;
    return <JoinPage invitation={invitation} email={email} />;
  }
  const { t } = await pageLanguage();
  return (
    <Notice
      icon="info"
      title={t("join.missing")}
      actions={<LinkButton href="/">{t("missing.back")}</LinkButton>}
    >
      <p>{t("join.missingText")}</p>
    </Notice>
  );
}
