import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

type PagesProps = {
  path: string;
  /** What the list is narrowed to. */
  query?: Readonly<Record<string, string | undefined>>;
  /** `after` of the page that follows; null on the last one. */
  next: string | null;
  isFirst: boolean;
};

/** The ways through a list that is read page by page, the newest first. */
export async function Pages({ path, query = {}, next, isFirst }: PagesProps) {
  const { t } = await pageLanguage();
  if (next === null && isFirst) return null;
  const addressOf = (after: string | undefined) => {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...query, after })) {
      if (value !== undefined) given.set(name, value);
    }
    return given.size === 0 ? path : `${path}?${given}`;
  };
  return (
    <p>
      {next !== null && (
        <LinkButton href={addressOf(next)} quiet>
          {t("desk.pages.older")}
        </LinkButton>
      )}{" "}
      {!isFirst && (
        <LinkButton href={addressOf(undefined)} quiet>
          {t("desk.newest")}
        </LinkButton>
      )}
    </p>
  );
}
