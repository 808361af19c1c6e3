import type { Metadata } from "next";
import { hasRole } from "oncepaid/routes";
import { products, productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { NewSlot } from "#/ui/admin/NewSlot.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { SlotList } from "#/ui/admin/SlotList.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("admin.slots") };
}

/** The dates of what is sold by date. */
export default async function SlotsPage() {
  const caller = await requireAdmin();
  const { locale, t } = await pageLanguage();
  const dated = products.filter(({ kind }) => KINDS[kind].dated);
  return (
    <>
      <Opening title={t("admin.slots")} lead={t("admin.slotsLead")} />
      {hasRole(caller, "support") && (
        <Panel title={t("admin.newSlot")}>
          <NewSlot products={dated.map(({ key }) => ({ key, name: productText(locale, key).name }))} />
        </Panel>
      )}
      <Panel title={t("admin.allSlots")}>
        <SlotList slots={await oncepaid().slots.list()} />
      </Panel>
    </>
  );
}
