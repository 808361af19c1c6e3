import type { SourceFile } from "../load.ts";

/** Names that together hold a value once: a unique column is a list of one. Lower case, without underscores. */
export type OnceColumns = readonly (readonly string[])[];

const PRISMA_FIELD = /^\s*(\w+)\s+\w+\??[^\n]*?@unique/gm;
const PRISMA_GROUP = /@@(?:unique|id)\(\s*(?:fields:\s*)?\[([^\]]+)\]/g;
const SQL_COLUMN =
  /["`]?(\w+)["`]?\s+\w+(?:\s*\([\d, ]+\))?(?:\s+(?:not\s+null|null|default\s+\S+|collate\s+\S+|references\s+\S+))*\s+(?:unique|primary\s+key)\b/gi;
const SQL_GROUP = /\b(?:unique|primary\s+key)(?:\s+(?:index|key))?[^()\n;]*\(([^()]+)\)/gi;
const DRIZZLE_COLUMN = /(\w+)\s*:\s*\w+\([^)\n]*\)[^,\n]*\.(?:unique|primaryKey)\(/g;
const MONGOOSE_FIELD = /(\w+)\s*:\s*\{[^{}]*\bunique\s*:\s*true/g;
const TYPEORM_FIELD =
  /@(?:Column|Prop|Index)\([^)]*\bunique\s*:\s*true[^)]*\)\s*(?:public\s+|readonly\s+)*(\w+)/g;

/** What the schema of this project says in Prisma, SQL, Drizzle, Mongoose or TypeORM. */
export function onceColumnsOf(files: readonly SourceFile[]): OnceColumns {
  const columns = files.flatMap(({ path, kind, text }) => {
    if (path.endsWith(".prisma")) return [...singles(text, PRISMA_FIELD), ...groups(text, PRISMA_GROUP)];
    if (path.endsWith(".sql")) return [...singles(text, SQL_COLUMN), ...groups(text, SQL_GROUP)];
    if (kind !== "source" || !/unique|primaryKey|create table/i.test(text)) return [];
    return [
      ...[DRIZZLE_COLUMN, MONGOOSE_FIELD, TYPEORM_FIELD].flatMap((pattern) => singles(text, pattern)),
      ...(/create table/i.test(text) ? [...singles(text, SQL_COLUMN), ...groups(text, SQL_GROUP)] : []),
    ];
  });
  // What is called id is made anew for every row; where an event's id is put there, that is seen at the write.
  return columns.filter((names) => names.length > 0 && !(names.length === 1 && names[0] === "id"));
}

export function columnName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function singles(text: string, pattern: RegExp): string[][] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => [columnName(name)]);
}

function groups(text: string, pattern: RegExp): string[][] {
  return [...text.matchAll(pattern)].map(([, names = ""]) =>
    names.split(",").map((name) => columnName(name.replace(/["'`\s]|\(.*\)/g, ""))),
  );
}
