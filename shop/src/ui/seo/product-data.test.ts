import type { PublicSlot } from "oncepaid";
import { expect, test } from "vitest";
import { productData } from "#/ui/seo/product-data.ts";

const SLOT = {
  id: "slot",
  productKey: "workshop",
  startsAt: "2027-01-12T13:00:00.000Z",
  endsAt: "2027-01-12T16:00:00.000Z",
  timeZone: "Asia/Kolkata",
  capacity: 10,
};

const slots = (placesLeft: [number, number]) => [
  { ...SLOT, place: "12 MG Road", placesLeft: placesLeft[0] },
  { ...SLOT, place: null, placesLeft: placesLeft[1] },
];

const described = (dates: PublicSlot[]) =>
  productData({
    origin: "https://shop.example",
    path: "/products/workshop",
    text: { name: "Workshop", description: "Three hours." },
    pictures: [{ src: "/pictures/a.jpg", width: 1, height: 1, alt: { en: "A" } }],
    prices: [{ unitAmount: 14_900, currency: "usd" }],
    slots: dates,
  });

test("a product by date is one product and an event for each date, each sold out or not by itself", () => {
  const [product, onSite, online] = described(slots([0, 3]));
  expect(product).toMatchObject({
    "@type": "Product",
    image: ["https://shop.example/pictures/a.jpg"],
    offers: [{ price: "149.00", priceCurrency: "USD", availability: "https://schema.org/InStock" }],
  });
  expect(onSite).toMatchObject({
    "@type": "Event",
    startDate: SLOT.startsAt,
    location: { "@type": "Place", address: "12 MG Road" },
    offers: [{ availability: "https://schema.org/SoldOut" }],
  });
  expect(online).toMatchObject({
    eventAttendanceMode: "https://schema.org/OnlineEventAttendanceMode",
    location: { "@type": "VirtualLocation" },
    offers: [{ availability: "https://schema.org/InStock" }],
  });
  const availability = (of: PublicSlot[]) => Object(described(of)[0]).offers[0].availability;
  expect(availability(slots([0, 0]))).toBe("https://schema.org/SoldOut");
  expect(availability([])).toBe("https://schema.org/OutOfStock");
});
