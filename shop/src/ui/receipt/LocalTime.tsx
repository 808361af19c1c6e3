"use client";

import { useSyncExternalStore } from "react";
import { useLocale } from "use-intl/react";

const never = () => () => {};
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const onServer = () => undefined;

/** A time as the reader's own clock and language say it. The server doesn't know the clock and names the one it uses. */
export function LocalTime({ at }: { at: string }) {
  const locale = useLocale();
  const timeZone = useSyncExternalStore(never, here, onServer);
  const format = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    ...(timeZone === undefined ? { timeZone: "UTC", timeZoneName: "short" } : { timeZone }),
  });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
