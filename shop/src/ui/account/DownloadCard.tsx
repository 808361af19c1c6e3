import type { DownloadView, EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { formatBytes } from "#/texts/bytes.ts";
import { Card } from "#/ui/account/Card.tsx";
import classes from "#/ui/account/DownloadCard.module.css";
import { DownloadLink } from "#/ui/account/DownloadLink.tsx";
import { whyOf } from "#/ui/account/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { accessState } from "#/ui/receipt/StatePill.tsx";

type DownloadCardProps = { entitlement: EntitlementView; files: DownloadView[] };

/** Files, while they may be had; afterwards the reason why not. */
export async function DownloadCard({ entitlement, files }: DownloadCardProps) {
  const { locale, t } = await pageLanguage();
  const { id, productKey } = entitlement;
  const state = accessState(entitlement.state);
  return (
    <Card
      title={productText(locale, productKey).name}
      state={state}
      why={whyOf(entitlement, t)}
      testId={`download-${productKey}`}
    >
      {state === "active" && (
        <ul className={classes.files}>
          {files.map(({ file, name, bytes, left }) => (
            <li key={file} className={classes.file}>
              <span className={classes.what}>
                <span className={classes.name}>{name}</span>
                <span className={classes.left} data-testid={`left-${file}`}>
                  {bytes !== null && `${formatBytes(bytes, locale)} · `}
                  {t("account.left", { count: left })}
                </span>
              </span>
              {left > 0 && (
                <DownloadLink href={`/api/downloads/${id}?file=${encodeURIComponent(file)}`} name={name} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
