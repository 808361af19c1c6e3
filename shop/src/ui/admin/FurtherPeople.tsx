import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

type FurtherPeopleProps = {
  slotId: string;
  /** Of the list in the address: a date's page has two. */
  name: "after" | "waiter";
  /** Whom the next page follows; null on the last one. */
  next: string | null;
  isFirst: boolean;
};

/** The ways through one of the lists of people on a date's page. */
export async function FurtherPeople({ slotId, name, next, isFirst }: FurtherPeopleProps) {
  const { t } = await pageLanguage();
  if (next === null && isFirst) return null;
  const path = `/admin/slots/${slotId}`;
  return (
    <p>
      {next !== null && (
        <LinkButton href={`${path}?${new URLSearchParams({ [name]: next })}`} quiet>
          {t("desk.date.more")}
        </LinkButton>
      )}
      {!isFirst && (
        <LinkButton href={path} quiet>
          {t("desk.date.first")}
        </LinkButton>
      )}
    </p>
  );
}
