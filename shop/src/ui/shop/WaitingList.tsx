import { log } from "#/log.ts";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { WaitFor } from "#/ui/shop/WaitFor.tsx";
import classes from "#/ui/shop/WaitingList.module.css";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";
import { visitor } from "#/ui/visitor/visitor.ts";
import { waitedFor } from "#/waiting/waiting-list.ts";

/** The dates of a product that are sold out, each with a way to hear of a free place. Nothing where there is a place on all of them. */
export async function WaitingList({
  productKey,
  slots,
}: {
  productKey: string;
  slots: readonly SlotChoice[];
}) {
  const full = slots.filter(({ placesLeft }) => placesLeft <= 0);
  if (full.length === 0) return null;
  const { t } = await pageLanguage();
  const { email, userId } = await visitor();
  const waits = email === null || userId === undefined ? undefined : await waiting(userId);
  return (
    <section className={classes.list} aria-labelledby="waiting" data-testid="waiting-list">
      <h2 id="waiting" className={classes.title}>
        {t("waiting.title")}
      </h2>
      <p className={classes.text}>{t("waiting.text")}</p>
      <BrowserTexts of={["waiting"]}>
        <ul className={classes.dates}>
          {full.map(({ id, day }) => (
            <WaitFor key={id} slotId={id} day={day} productKey={productKey} waits={waits?.has(id)} />
          ))}
        </ul>
      </BrowserTexts>
    </section>
  );
}

/** A page to buy from is shown without what the reader waits for, where that can't be read. */
async function waiting(userId: string): Promise<ReadonlySet<string>> {
  try {
    return await waitedFor(userId);
  } catch (error) {
    log().error({ err: error }, "what the reader waits for wasn't read");
    return new Set();
  }
}
