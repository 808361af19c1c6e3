import type { Invitation } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { dateText } from "#/texts/date-text.ts";
import { AcceptSeat } from "#/ui/account/AcceptSeat.tsx";
import { SignOut } from "#/ui/account/SignOut.tsx";
import { Notice } from "#/ui/frame/Notice.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

/** An invitation, for whoever opens it: the invited, somebody not signed in yet, or somebody else. */
export async function JoinPage({ invitation, email }: { invitation: Invitation; email: string | null }) {
  const { locale, t } = await pageLanguage();
  const { seatId, state, expiresAt, invitedBy } = invitation;
  const product = productText(locale, invitation.productKey).name;
  const mine = email === invitation.email;
  const toAccount = <LinkButton href="/account">{t("join.toAccount")}</LinkButton>;
  if (state === "joined" && mine) {
    return (
      <Notice icon="check" title={t("join.joined")} actions={toAccount}>
        <p data-testid="joined">{t("join.joinedText", { product })}</p>
      </Notice>
    );
  }
  if (state !== "open") {
    return (
      <Notice
        icon="clock"
        title={t("join.expired")}
        actions={<LinkButton href="/">{t("missing.back")}</LinkButton>}
      >
        <p>{t("join.expiredText")}</p>
      </Notice>
    );
  }
  const signIn = (
    <LinkButton href={`/sign-in?next=/join/${encodeURIComponent(seatId)}`}>{t("join.signIn")}</LinkButton>
  );
  const action = mine ? <AcceptSeat seatId={seatId} /> : email === null ? signIn : <SignOut />;
  return (
    <BrowserTexts of={["join", "account"]}>
      <Notice icon="mail" title={t("join.title", { product })} actions={action}>
        <p>
          {invitedBy ? t("join.invitedBy", { email: invitedBy, product }) : t("join.invited", { product })}
        </p>
        {email === null && <p>{t("join.signInFirst", { email: invitation.email })}</p>}
        {email !== null && !mine && <p>{t("join.otherAccount", { email, invited: invitation.email })}</p>}
        <p>{t("join.until", { date: dateText(expiresAt, locale) })}</p>
      </Notice>
    </BrowserTexts>
  );
}
