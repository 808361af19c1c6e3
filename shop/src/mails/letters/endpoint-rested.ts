import { z } from "zod";
import { config } from "#/config.ts";
import { longDate, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To whoever runs the shop: another server has taken nothing for days, and is told nothing any more. */
export const endpointRested = kindOfLetter({
  about: z.object({ endpointId: z.string() }),
  after: following("endpoint.rested", ({ endpointId, at }) => ({
    key: `${endpointId}:${at}`,
    about: { endpointId },
  })),
  write: async (oncepaid, { endpointId }) => {
    const endpoint = (await oncepaid.endpoints.list()).find(({ id }) => id === endpointId);
    // It was removed, or is told again already.
    if (!endpoint?.disabledAt) return undefined;
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const { url, failingSince, failures } = endpoint;
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("endpoint_rested.subject", { host: URL.parse(url)?.host ?? url }),
      heading: t("endpoint_rested.heading"),
      blocks: [
        { kind: "text", text: t("endpoint_rested.intro") },
        {
          kind: "rows",
          rows: [
            { name: t("endpoint_rested.url"), value: url },
            ...(failingSince
              ? [{ name: t("endpoint_rested.since"), value: longDate(new Date(failingSince), locale) }]
              : []),
            { name: t("endpoint_rested.failures"), value: failures.toLocaleString(locale) },
          ],
        },
        { kind: "link", label: t("endpoint_rested.link"), path: `/admin/endpoints/${endpointId}` },
      ],
    };
  },
});
