import type { Happening } from "oncepaid";
import type { z } from "zod";
import type { ShopOncepaid } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";

/** A mail as one of letters/ writes it, before it is drawn as HTML and as text (layout.ts). */
export type Letter = {
  to: string[];
  locale: Locale;
  subject: string;
  heading: string;
  blocks: Block[];
  attachments?: Attachment[];
  /** Ends mails of this kind by a POST alone; the path begins with a slash. Mail programs show a button for it (RFC 8058). */
  endedBy?: string;
  /** Why they get it, at its foot; because they bought something, where it isn't said. */
  because?: "bought" | "booked" | "code" | "seat" | "waiting" | "cart" | "runs";
};

export type Block =
  | { kind: "text"; text: string }
  /** What a person looks up: a list of names and values. */
  | { kind: "rows"; rows: Row[] }
  /** A page of this shop; `path` begins with a slash. A quiet one is no button. */
  | { kind: "link"; label: string; path: string; quiet?: true }
  /** A page of Stripe's. */
  | { kind: "outside"; label: string; url: string }
  | { kind: "code"; code: string }
  | { kind: "note"; text: string };

export type Row = { name: string; value: string; strong?: boolean };

/** For example a calendar file; `contentType` with its parameters. */
export type Attachment = { filename: string; contentType: string; content: string };

/** Everything about one kind of mail. It is made by `kindOfLetter`, in a file of letters/, and listed in letters.ts. */
export type KindOfLetter<About extends z.ZodType = z.ZodType> = {
  /** What its job says: ids, which are read when the mail is written. */
  about: About;
  /** The mail that follows what happened, or none. */
  after: (happening: Happening) => Following<z.infer<About>> | undefined;
  /**
   * The letter as things are when it is sent; undefined when there is nothing to tell any more. `job` is what was stored,
   * by this version or one before it. Throws when the job lacks something.
   */
  write: (oncepaid: ShopOncepaid, job: unknown, locale: Locale) => Promise<Letter | undefined>;
};

/** The same `key` makes it the same mail: it is sent once. */
type Following<About> = { key: string; about: About };

export function kindOfLetter<About extends z.ZodType>(kind: {
  about: About;
  /** Without it the mail is asked for by a person, not caused by what happened. */
  after?: KindOfLetter<About>["after"];
  write: (oncepaid: ShopOncepaid, about: z.infer<About>, locale: Locale) => Promise<Letter | undefined>;
}): KindOfLetter<About> {
  const { about, after = () => undefined, write } = kind;
  return { about, after, write: (oncepaid, job, locale) => write(oncepaid, about.parse(job), locale) };
}

/** A mail that follows one type of happening. */
export function following<Type extends Happening["type"], About>(
  type: Type,
  mailOf: (happening: Happening & { type: Type }) => Following<About> | undefined,
): (happening: Happening) => Following<About> | undefined {
  return (happening) => (isOfType(happening, type) ? mailOf(happening) : undefined);
}

function isOfType<Type extends Happening["type"]>(
  happening: Happening,
  type: Type,
): happening is Happening & { type: Type } {
  return happening.type === type;
}
