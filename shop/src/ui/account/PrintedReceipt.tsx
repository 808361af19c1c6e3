import type { OrderView } from "oncepaid";
import { BRAND } from "#/brand/brand.ts";
import { NAME } from "#/brand/look.ts";
import { onPaper } from "#/brand/style-sheet.ts";
import { PrintButton } from "#/ui/account/PrintButton.tsx";
import classes from "#/ui/account/PrintedReceipt.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { OrderLines } from "#/ui/receipt/OrderLines.tsx";

/** One purchase on one sheet: who sold it, who bought it, what was paid. Whatever stands around it on the page stays off the paper. */
export async function PrintedReceipt({ order, email }: { order: OrderView; email: string | null }) {
  const { t } = await pageLanguage();
  const { seller, contact } = BRAND;
  return (
    <article className={classes.sheet} data-testid="printed-receipt">
      <style>{onPaper()}</style>
      <header className={classes.head}>
        <div>
          <p className={classes.name}>{NAME}</p>
          <h1 className={classes.title}>{t("receiptPage.title")}</h1>
        </div>
        <address className={classes.seller}>
          {[seller.name, ...seller.address].map((line) => (
            <span key={line}>{line}</span>
          ))}
          {seller.taxId !== undefined && <span>{t("legal.taxId", { id: seller.taxId })}</span>}
          <span>{contact.email}</span>
        </address>
      </header>
      {email !== null && (
        <p>
          <span className={classes.quiet}>{t("receiptPage.to")}</span> {email}
        </p>
      )}
      <div>
        <OrderLines order={order} />
      </div>
      {order.invoices.length > 0 && <p className={classes.quiet}>{t("receiptPage.invoice")}</p>}
      <div className={classes.ways}>
        <PrintButton />
      </div>
    </article>
  );
}
