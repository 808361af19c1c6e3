import type { RawHash } from "./form.ts";

interface Change {
  /** The first version that no longer takes the old parameter. */
  since: string;
  routes: RegExp;
  upgrade(params: RawHash): void;
}

/**
 * What older versions said differently, newest change first. A request of an older version is put into today's words
 * here, so the resources know only today's.
 */
const CHANGES: readonly Change[] = [
  {
    since: "2026-09-30",
    routes: /^\/v1\/(checkout\/sessions|payment_intents|setup_intents)\b/,
    upgrade: renamed("payment_method_types", "allowed_payment_method_types"),
  },
  {
    since: "2026-09-30",
    routes: /^\/v1\/subscriptions\/./,
    upgrade: nested("billing_cycle_anchor", "billing_cycle_anchor", (type) => ({ type })),
  },
  {
    since: "2026-03-25",
    routes: /^\/v1\/checkout\/sessions$/,
    upgrade: nested("ui_mode", "ui_mode", (mode) => UI_MODES[mode] ?? mode),
  },
  {
    since: "2025-09-30",
    routes: /^\/v1\/promotion_codes$/,
    upgrade: nested("coupon", "promotion", (coupon) => ({ type: "coupon", coupon })),
  },
  {
    since: "2025-09-30",
    routes: /^\/v1\/(customers\/[^/]+\/)?subscriptions\b/,
    upgrade: nested("coupon", "discounts", (coupon) => (coupon === "" ? "" : { 0: { coupon } })),
  },
];

const UI_MODES: Record<string, string> = {
  custom: "elements",
  embedded: "embedded_page",
  hosted: "hosted_page",
};

/**
 * The parameters in today's words. A request that names no version, as those of the Stripe CLI, may use the words of
 * any.
 */
export function inTodaysWords(path: string, params: RawHash, version: string | undefined): RawHash {
  const changes = CHANGES.filter(
    ({ since, routes }) => (version === undefined || version < since) && routes.test(path),
  );
  if (changes.length === 0) return params;
  const upgraded = { ...params };
  for (const { upgrade } of changes) upgrade(upgraded);
  return upgraded;
}

function renamed(from: string, to: string) {
  return (params: RawHash) => {
    const value = params[from];
    if (value === undefined || to in params) return;
    delete params[from];
    params[to] = value;
  };
}

/** For a text whose place or shape changed; what already has today's shape stays as it is. */
function nested(from: string, to: string, reshape: (value: string) => RawHash | string) {
  return (params: RawHash) => {
    const value = params[from];
    if (typeof value !== "string" || (to !== from && to in params)) return;
    delete params[from];
    params[to] = reshape(value);
  };
}
