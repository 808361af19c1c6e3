"use client";

import { useSyncExternalStore } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { sameClock } from "#/ui/slots/slot-text.ts";
import classes from "#/ui/slots/ViewerTime.module.css";

const never = () => () => {};
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const onServer = () => undefined;

/**
 * When it begins on the reader's own clock, where that shows something else. Only the browser knows it, so its line is
 * kept free from the start.
 */
export function ViewerTime(props: { startsAt: string; timeZone: string }) {
  const { startsAt, timeZone } = props;
  const t = useTranslations("slot");
  const locale = useLocale();
  const own = useSyncExternalStore<string | undefined>(never, here, onServer);
  const differs = own !== undefined && !sameClock(startsAt, own, timeZone);
  const time = () =>
    new Intl.DateTimeFormat(locale, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "numeric",
      minute: "2-digit",
      timeZone: own,
    }).format(new Date(startsAt));
  return <span className={classes.line}>{differs && t("yours", { time: time() })}</span>;
}
