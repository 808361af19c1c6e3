import type { Brand } from "../../shop/src/brand/shape.ts";

/** A shop of somebody else, on the demo's ground: what `brand.ts` of the copy says. */
export const OTHER_BRAND: Brand = {
  name: "Kestrel Press",
  suffix: { en: "books & courses", hi: "किताबें और कोर्स" },
  description: {
    en: "Small books about birds, and walks to see them.",
    hi: "पक्षियों पर छोटी किताबें, और उन्हें देखने की सैर।",
  },
  logo: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 20 22 4v16z" fill="var(--accent)"/><circle cx="7" cy="7" r="4" fill="var(--highlight)"/></svg>`,
  icon: "/pictures/kestrel.png",
  stamp: "SEEN IN THE FIELD • SINCE 1987 •",
  colors: {
    light: { paper: "#fbf8ff", ink: "#20182b", accent: "#6b21a8", highlight: "#e8871e" },
    dark: { paper: "#151019", ink: "#f3eef8", accent: "#c79bf2", highlight: "#e8871e" },
  },
  fonts: { text: "Georgia, 'Noto Sans Devanagari', serif", code: "Menlo, monospace" },
  languages: { en: { shown: "English", spoken: "English" }, hi: { shown: "हिन्दी", spoken: "हिन्दी" } },
  home: {
    title: { en: "Look up more often.", hi: "ज़्यादा बार ऊपर देखें।" },
    lead: { en: "Three small books and a walk on Sundays.", hi: "तीन छोटी किताबें और रविवार की एक सैर।" },
  },
  contact: { email: "birds@kestrel.example", phone: "+44 20 7946 0000" },
  seller: { name: "Kestrel Press Ltd", address: ["7 Heron Lane", "Norwich"], taxId: "GB 123 4567 89" },
  legal: {
    terms: { en: [{ title: "What you agree to", text: ["A book is yours once it is paid."] }] },
    privacy: "https://kestrel.example/privacy",
  },
};

/** A language nobody speaks: its folder is the English one, each text marked with its name. */
export const OTHER_LANGUAGE = "eo";
export const LANGUAGE_MARK = "eo~ ";

/** One more line of `products.ts`, as the README says to add one; its picture lies beside the others. */
export const OTHER_PRODUCT = `  {
    ...download({
      key: "birds",
      name: "Forty birds of the marsh",
      description: "Whom you hear before you see them.",
      price: { amount: 2450, currency: "usd" },
      files: [{ key: "book", name: "forty-birds.pdf", path: "field-guide.pdf" }],
    }),
    pictures: [{ src: "/pictures/birds.png", width: 512, height: 512, alt: { en: "A kestrel above reeds" } }],
    text: {
      en: {
        label: "Small book",
        name: "Forty birds of the marsh",
        description: "Whom you hear before you see them.",
        about: ["Forty birds, a page each."],
        gets: ["The whole book"],
      },
    },
  },
`;
