import { type Change, nested, textOf } from "./change.ts";

const TODAYS: Record<string, string> = {
  custom: "elements",
  embedded: "embedded_page",
  hosted: "hosted_page",
};
const OLD = Object.fromEntries(Object.entries(TODAYS).map(([old, now]) => [now, old]));

/** The pages of Checkout have other names. */
export const checkoutUiModes: Change = {
  since: "2026-03-25",
  requests: [
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: nested("ui_mode", "ui_mode", (mode) => TODAYS[mode] ?? mode),
      unnamed: true,
    },
  ],
  answers: {
    "checkout.session": (session) => {
      session.ui_mode = OLD[textOf(session.ui_mode)] ?? session.ui_mode;
    },
  },
};
