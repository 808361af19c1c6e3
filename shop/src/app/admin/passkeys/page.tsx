import type { Metadata } from "next";
import { passkeyHost, passkeysOf } from "#/accounts/passkeys.ts";
import { MayAct } from "#/ui/admin/MayAct.tsx";
import { NewPasskey } from "#/ui/admin/NewPasskey.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { PasskeyRows } from "#/ui/admin/PasskeyRows.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.passkeys.title") };
}

/** One's own ways in beside the code, for whoever may open the desk; who may only look has them, too. */
export default async function PasskeysPage() {
  const { userId } = await requireAdmin();
  const { t } = await pageLanguage();
  return (
    <MayAct may>
      <Opening title={t("desk.passkeys.title")} lead={t("desk.passkeys.lead")} />
      <Panel title={t("desk.passkeys.new")}>
        {passkeyHost() === undefined ? <p>{t("desk.passkeys.notHere")}</p> : <NewPasskey />}
      </Panel>
      <Panel title={t("desk.passkeys.all")}>
        <PasskeyRows passkeys={await passkeysOf(userId)} />
      </Panel>
    </MayAct>
  );
}
