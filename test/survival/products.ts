import { booking, download } from "oncepaid";

export const PRODUCTS = [
  download({
    key: "guide",
    name: "Field guide",
    price: { amount: 1900, currency: "usd" },
    files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
  }),
  booking({ key: "workshop", name: "Workshop", price: { amount: 14900, currency: "usd" } }),
] as const;
