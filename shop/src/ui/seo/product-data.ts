import type { PublicSlot } from "oncepaid";
import { NAME } from "#/brand/look.ts";
import type { Picture, ProductText } from "#/catalog/shop-product.ts";
import { plainAmount } from "#/texts/money.ts";

/** A product as schema.org has it, for search engines. Source: schema.org/Product, /Offer and /Event. */

export type Described = {
  /** Of the shop, without a path. */
  origin: string;
  /** Of the product's page. */
  path: string;
  text: Pick<ProductText, "name" | "description">;
  pictures: readonly Picture[];
  /** Those that are known. */
  prices: readonly { unitAmount: number; currency: string }[];
  /** Of what is sold by date. */
  slots: readonly PublicSlot[] | undefined;
};

/** Source: schema.org/ItemAvailability. */
type Availability = "InStock" | "SoldOut" | "OutOfStock";

export function productData(product: Described): object[] {
  return [productOf(product), ...(product.slots ?? []).map((slot) => eventOf(product, slot))];
}

function productOf(product: Described): object {
  const { origin, path, slots } = product;
  return {
    "@context": "https://schema.org",
    "@type": "Product",
    ...about(product),
    url: origin + path,
    brand: { "@type": "Brand", name: NAME },
    offers: offersOf(product, availabilityOf(slots)),
  };
}

function availabilityOf(slots: Described["slots"]): Availability {
  if (slots === undefined) return "InStock";
  // Nothing was sold out: there is no date at the moment.
  if (slots.length === 0) return "OutOfStock";
  return slots.some(({ placesLeft }) => placesLeft > 0) ? "InStock" : "SoldOut";
}

function eventOf(product: Described, { startsAt, endsAt, place, placesLeft }: PublicSlot): object {
  const { origin, path } = product;
  return {
    "@context": "https://schema.org",
    "@type": "Event",
    ...about(product),
    startDate: startsAt,
    endDate: endsAt,
    eventStatus: "https://schema.org/EventScheduled",
    eventAttendanceMode: `https://schema.org/${place === null ? "Online" : "Offline"}EventAttendanceMode`,
    location:
      place === null
        ? { "@type": "VirtualLocation", url: origin + path }
        : { "@type": "Place", name: place, address: place },
    organizer: { "@type": "Organization", name: NAME, url: origin },
    offers: offersOf(product, placesLeft > 0 ? "InStock" : "SoldOut"),
  };
}

function about({ origin, text, pictures }: Described) {
  return {
    name: text.name,
    description: text.description,
    image: pictures.map(({ src }) => origin + src),
  };
}

function offersOf({ origin, path, prices }: Described, availability: Availability): object[] {
  return prices.map(({ unitAmount, currency }) => ({
    "@type": "Offer",
    price: plainAmount(unitAmount, currency),
    priceCurrency: currency.toUpperCase(),
    availability: `https://schema.org/${availability}`,
    url: origin + path,
  }));
}
