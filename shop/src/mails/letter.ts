import type { Locale } from "#/locale.ts";

/** A mail as one of the templates writes it, before it is drawn as HTML and as text (layout.ts). */
export type Letter = {
  to: string[];
  locale: Locale;
  subject: string;
  heading: string;
  blocks: Block[];
  attachments?: Attachment[];
};

export type Block =
  | { kind: "text"; text: string }
  /** What a person looks up: a list of names and values. */
  | { kind: "rows"; rows: Row[] }
  /** A place of this app; `path` begins with a slash. */
  | { kind: "link"; label: string; path: string }
  | { kind: "code"; code: string }
  | { kind: "note"; text: string };

export type Row = { name: string; value: string; strong?: boolean };

/** For example a calendar file; `contentType` with its parameters. */
export type Attachment = { filename: string; contentType: string; content: string };
