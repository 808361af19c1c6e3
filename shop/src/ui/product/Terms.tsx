import type { Product } from "oncepaid";
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

const DAY_SECONDS = 24 * 60 * 60;

function termsOf(product: Product, t: Translate): string[] {
  const { policy, kind } = product;
  const trialDays = product.kind === "plan" ? product.trialDays : 0;
  const terms: (string | false)[] = [
    trialDays > 0 && t("product.trial", { days: trialDays }),
    trialDays > 0 && t("product.trialOnce"),
    kind === "plan" && t("product.cancel"),
    policy.onRefund === "end" ? t("product.refundEnds") : kind === "plan" && t("product.refundKeeps"),
    kind === "booking" &&
      t(policy.spotOnRefund === "keep" ? "product.refundKeepsPlace" : "product.refundFrees"),
    t(policy.onPartialRefund === "end" ? "product.partEnds" : "product.partKeeps"),
    policy.onDispute === "suspend" && t("product.dispute"),
    kind === "plan" && t("product.grace", { days: Math.floor(policy.gracePeriod / DAY_SECONDS) }),
  ];
  return terms.filter((term) => term !== false);
}
