import type { Product } from "oncepaid";
import { productView } from "#/ui/kinds/kinds.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { DetailSection } from "#/ui/product/DetailSection.tsx";

/** What there is to it: its files, how its seats work, or when a place is one's own. */
export async function ProductParts({ product }: { product: Product }) {
  const { t } = await pageLanguage();
  const { title, body } = productView(product, t).parts;
  return <DetailSection title={title}>{body}</DetailSection>;
}
