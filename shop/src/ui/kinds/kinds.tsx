import type { OrderView, Product } from "oncepaid";
import type { ComponentType } from "react";
import { BookingNext, bookingView } from "#/ui/kinds/booking.tsx";
import { DownloadNext, downloadView } from "#/ui/kinds/download.tsx";
import { PlanNext, planView } from "#/ui/kinds/plan.tsx";
import type { ProductView } from "#/ui/kinds/product-view.ts";
import type { Kind } from "#/ui/kinds/traits.ts";
import type { Translate } from "#/ui/language/page-language.ts";

/** What the page of a product says because of its kind. */
export function productView(product: Product, t: Translate): ProductView {
  switch (product.kind) {
    case "download":
      return downloadView(product, t);
    case "plan":
      return planView(product, t);
    case "booking":
      return bookingView(product, t);
  }
}

/** What to do with what was bought; nothing where an order has none of the kind. In the order in which they are shown. */
export const NEXT: Record<Kind, ComponentType<{ order: OrderView; t: Translate }>> = {
  booking: BookingNext,
  download: DownloadNext,
  plan: PlanNext,
};
