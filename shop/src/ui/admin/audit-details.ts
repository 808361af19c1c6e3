import { productText } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import type { Translate } from "#/ui/language/page-language.ts";

/** One thing that an act says of itself: what it is called, how it is now, and how it was before, where that is known. */
export type Detail = { key: string; name: string; text: string; before: string | undefined };

type Reading = { t: Translate; locale: Locale };

/** What an act wrote down, in words. A field that has none is called as it is stored. */
export function detailsOf(reading: Reading, details: object): Detail[] {
  const was = new Map(
    Object.entries(details).flatMap(([key, value]) => (key === "was" ? entriesOf(value) : [])),
  );
  return Object.entries(details)
    .filter(([key, value]) => key !== "was" && isTold(value))
    .map(([key, value]) => ({
      key,
      name: nameOf(reading.t, key),
      text: textOf(reading, key, value),
      before: was.has(key) ? textOf(reading, key, was.get(key)) : undefined,
    }))
    .concat(
      [...was]
        .filter(([key, value]) => !(key in details) && isTold(value))
        .map(([key, value]) => {
          const before = textOf(reading, key, value);
          return { key, name: nameOf(reading.t, key), text: reading.t("desk.audit.nothing"), before };
        }),
    );
}

const NAMES = [
  "role",
  "type",
  "replayed",
  "ids",
  "url",
  "description",
  "events",
  "enabled",
  "name",
  "scopes",
  "ending",
  "overlapHours",
  "endpointId",
  "slotId",
  "productKey",
  "startsAt",
  "endsAt",
  "timeZone",
  "place",
  "capacity",
  "closed",
  "refunding",
  "recipients",
  "subject",
  "orderId",
  "entitlementId",
  "userId",
  "email",
  "amount",
  "items",
  "reason",
  "when",
  "until",
  "price",
  "quantity",
  "subscription",
  "refused",
  "applied",
  "steps",
  "since",
  "code",
  "promotionCode",
  "percentOff",
  "amountOff",
  "currency",
  "duration",
  "durationInMonths",
  "maxRedemptions",
  "expiresAt",
] as const;

function nameOf(t: Translate, key: string): string {
  const known = NAMES.find((name) => name === key);
  return known ? t(`desk.audit.names.${known}`) : key;
}

const VALUES = {
  role: ["owner", "support", "read"],
  reason: ["requested_by_customer", "duplicate", "fraudulent"],
  when: ["now", "period_end"],
  duration: ["once", "repeating", "forever"],
} as const;

function textOf({ t, locale }: Reading, key: string, value: unknown): string {
  if (value === null || value === undefined) return t("desk.audit.nothing");
  if (typeof value === "boolean") return t(value ? "desk.audit.yes" : "desk.audit.no");
  if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
  if (Array.isArray(value)) {
    const texts = value.map((one) => textOf({ t, locale }, key, one));
    return new Intl.ListFormat(locale, { type: "unit" }).format(texts);
  }
  if (typeof value === "object") return partsOf({ t, locale }, value);
  return wordsOf({ t, locale }, key, String(value));
}

function wordsOf({ t, locale }: Reading, key: string, text: string): string {
  const role = VALUES.role.find((one) => key === "role" && one === text);
  if (role) return t(`desk.roles.${role}`);
  const reason = VALUES.reason.find((one) => key === "reason" && one === text);
  if (reason) return t(`admin.act.reasons.${reason}`);
  const when = VALUES.when.find((one) => key === "when" && one === text);
  if (when) return t(`desk.audit.when.${when}`);
  const duration = VALUES.duration.find((one) => key === "duration" && one === text);
  if (duration) return t(`desk.audit.duration.${duration}`);
  if (key === "productKey") return productText(locale, text).name;
  if (!ISO_TIME.test(text)) return text;
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${format.format(new Date(text))} UTC`;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function partsOf(reading: Reading, value: object): string {
  return Object.entries(value)
    .filter(([, part]) => isTold(part))
    .map(([key, part]) => `${nameOf(reading.t, key)}: ${textOf(reading, key, part)}`)
    .join(", ");
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function isTold(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
