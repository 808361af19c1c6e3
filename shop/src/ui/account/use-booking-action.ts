"use client";

import { useTranslations } from "use-intl/react";
import { accountProblem } from "#/ui/account/account-problem.ts";
import { bookingProblem } from "#/ui/account/booking-problem.ts";
import { useAction } from "#/ui/account/use-action.ts";

/** Something a buyer does about a booking; what can go wrong is told in the words of dates. */
export function useBookingAction() {
  const t = useTranslations();
  return useAction((code) => {
    const own = bookingProblem(code);
    return own ? t(`changeBooking.problem.${own}`) : t(`account.problem.${accountProblem(code)}`);
  });
}
