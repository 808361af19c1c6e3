import { LEGAL } from "#/brand/legal.ts";
import type { Brand } from "#/brand/shape.ts";

/**
 * The one file that makes the shop yours: its name, mark, colours and words. Pages, mails, calendar entries and Stripe's payment page
 * follow it. A colour that can't be read on another stops the start with a sentence that names both. What each field means stands in
 * shape.ts; what is sold, in catalog/products.ts.
 */
export const BRAND: Brand = {
  name: "Oncepaid",
  suffix: { en: "demo shop", hi: "डेमो शॉप" },
  description: {
    en: "A small shop on Oncepaid: every payment is taken once and gives access once.",
    hi: "Oncepaid पर चलने वाली छोटी दुकान: हर भुगतान एक ही बार लिया जाता है और एक ही बार एक्सेस देता है।",
  },
  // A coin's ring with a check mark in it, and the coin that closes it.
  logo: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round" stroke-linejoin="round">
    <path d="M17 5.2A11 11 0 1 0 26.9 15" stroke="var(--accent)" stroke-width="3.2"/>
    <circle cx="24.3" cy="7.7" r="3.3" fill="var(--highlight)"/>
    <path d="m11.2 16.6 3.4 3.4 6.4-6.9" stroke="var(--accent)" stroke-width="3"/>
  </svg>`,
  icon: "/pictures/icon.png",
  stamp: "PAID ONCE • GRANTED ONCE •",
  colors: {
    light: { paper: "#f7f4ed", ink: "#16211b", accent: "#0f6f4c", highlight: "#f4b63f" },
    dark: { paper: "#0d1411", ink: "#edf1ec", accent: "#6fd3a5", highlight: "#f4b63f" },
  },
  fonts: {
    // Single quotes, so that it can stand in a style attribute. "Inter sized" is Arial at Inter's measures (ui/look/Fonts.tsx).
    text: "'Inter', 'Inter sized', 'Noto Sans Devanagari', system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
    code: "ui-monospace, SFMono-Regular, Menlo, Monaco, Consolas, 'Liberation Mono', 'Courier New', monospace",
  },
  languages: {
    en: { shown: "EN", spoken: "EN, English" },
    hi: { shown: "हिन्दी", spoken: "हिन्दी" },
  },
  home: {
    title: { en: "Paid once. Granted once.", hi: "एक बार भुगतान। एक बार एक्सेस।" },
    lead: {
      en: "A field guide, a plan for your team and a live workshop. You pay on Stripe’s own page, and what you bought opens as soon as the payment is confirmed.",
      hi: "एक गाइड, आपकी टीम के लिए एक प्लान और एक लाइव वर्कशॉप। भुगतान Stripe के अपने पेज पर होता है, और पुष्टि होते ही आपकी ख़रीदारी खुल जाती है।",
    },
  },
  contact: { email: "hello@shop.example" },
  seller: { name: "Oncepaid Demo Ltd", address: ["1 Example Street", "Sampletown", "Nowhere"] },
  legal: LEGAL,
};
