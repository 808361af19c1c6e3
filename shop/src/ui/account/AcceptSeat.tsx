"use client";

import { useTranslations } from "use-intl/react";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

export function AcceptSeat({ seatId }: { seatId: string }) {
  const t = useTranslations("join");
  const { busy, told, act } = useAction();
  return (
    <div>
      <Button
        size="large"
        aria-disabled={busy}
        onClick={() => act({ call: () => callApi("POST", `seats/${seatId}/accept`) })}
        data-testid="accept-seat"
      >
        {busy ? t("accepting") : t("accept")}
      </Button>
      <Told told={told} />
    </div>
  );
}
