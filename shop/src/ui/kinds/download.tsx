import type { OrderView } from "oncepaid";
import { hasActive } from "#/ui/kinds/has-active.ts";
import classes from "#/ui/kinds/kinds.module.css";
import type { OfKind, ProductView } from "#/ui/kinds/product-view.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

export function downloadView({ files, downloadLimit }: OfKind<"download">, t: Translate): ProductView {
  const body = (
    <>
      <ul className={classes.files}>
        {files.map(({ key, name }) => (
          <li key={key} className={classes.file}>
            <Icon name="file" size={18} />
            {name}
          </li>
        ))}
      </ul>
      <p>{t("product.fileLimit", { count: downloadLimit })}</p>
    </>
  );
  return { parts: { title: t("product.files"), body }, terms: { first: [], refund: [], last: [] } };
}

export function DownloadNext({ order, t }: { order: OrderView; t: Translate }) {
  if (!hasActive(order, "download")) return null;
  return (
    <div className={classes.step}>
      <LinkButton href="/account#downloads">{t("next.download")}</LinkButton>
      <p>{t("next.downloadText")}</p>
    </div>
  );
}
