import type { InLanguages, Locale } from "#/locale.ts";

/** What brand.ts says. */
export type Brand = {
  /** As a buyer would say it: in the head of each page, in mails, calendars and on Stripe's payment page. */
  name: string;
  /** A word or two beside the name, where there is room. */
  suffix?: InLanguages;
  /** One sentence, for search engines and for who shares a link. */
  description: InLanguages;
  /**
   * The mark beside the name and the icon of the browser's tab: an SVG of its own viewBox. `var(--accent)` and `var(--highlight)` in it
   * are the colours below.
   */
  logo: string;
  /** The same as a square PNG or JPEG in shop/public, for Stripe's payment page, which shows no SVG. */
  icon?: `/${string}`;
  /** The words around the round stamp on the home page and on paid orders, 20 to 30 letters; without them it has none. */
  stamp?: string;
  colors: { light: Colors; dark: Colors };
  fonts: { text: string; code: string };
  /** What each language of the pages calls itself: as the switch shows it, and as it is read out. */
  languages: Record<Locale, { shown: string; spoken: string }>;
  home: { title: InLanguages; lead: InLanguages };
  /** Where buyers write to. */
  contact: { email: string; phone?: string };
  /** Who sells, as the law of most countries wants it said. */
  seller: { name: string; address: readonly string[]; taxId?: string };
  /** What each page of that name says, or an https address where it is said already. Nothing links to what is left out. */
  legal: Partial<Record<LegalPage, `https://${string}` | InLanguages<readonly LegalSection[]>>>;
};

/** In the order of the foot of each page. */
export const LEGAL_PAGES = ["terms", "privacy", "refunds"] as const;
export type LegalPage = (typeof LEGAL_PAGES)[number];

export type LegalSection = {
  title: string;
  /** A paragraph each. */
  text: readonly string[];
};

/** Four colours as `#rrggbb`; all others are mixed from them, and may be named too. */
export type Colors = { paper: string; ink: string; accent: string; highlight: string } & Partial<Mixed>;

type Mixed = {
  surface: string;
  sunken: string;
  muted: string;
  line: string;
  accentHover: string;
  accentSoft: string;
  onAccent: string;
  goldSoft: string;
  onGold: string;
  danger: string;
  dangerSoft: string;
};

export type Palette = Mixed & {
  paper: string;
  ink: string;
  accent: string;
  gold: string;
  highlight: string;
  edge: string;
  shade: string;
};
