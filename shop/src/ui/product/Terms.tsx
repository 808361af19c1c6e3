import type { Product } from "oncepaid";
import { productView } from "#/ui/kinds/kinds.tsx";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { DetailSection } from "#/ui/product/DetailSection.tsx";
import classes from "#/ui/product/Terms.module.css";

/** What the product's policy means for its buyer, in words. */
export async function Terms({ product }: { product: Product }) {
  const { t } = await pageLanguage();
  return (
    <DetailSection title={t("product.terms")}>
      <ul className={classes.terms} data-testid="terms">
        {termsOf(product, t).map((term) => (
          <li key={term}>{term}</li>
        ))}
      </ul>
    </DetailSection>
  );
}

function termsOf(product: Product, t: Translate): string[] {
  const { policy } = product;
  const { first, refund, last } = productView(product, t).terms;
  const terms: (string | false)[] = [
    ...first,
    policy.onRefund === "end" && t("product.refundEnds"),
    ...refund,
    t(policy.onPartialRefund === "end" ? "product.partEnds" : "product.partKeeps"),
    policy.onDispute === "suspend" && t("product.dispute"),
    ...last,
  ];
  return terms.filter((term) => term !== false);
}
