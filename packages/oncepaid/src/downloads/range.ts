import type { BytePart, StoredFile } from "#/storage/storage.ts";

/**
 * Which part of a file a request asks for: all of it, one part, or a part that isn't there. Several parts at once are
 * answered with all of it, as HTTP allows. Source: RFC 9110, sections 13.1.5 and 14.
 */
export function wantedPart(
  { bytes, etag }: StoredFile,
  range: string | undefined,
  ifRange: string | undefined,
): BytePart | "all" | "unsatisfiable" {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? "");
  if (!match || (ifRange !== undefined && ifRange !== etag)) return "all";
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return "all";
  if (from === "") {
    const length = Math.min(Number(to), bytes);
    return length > 0 ? { first: bytes - length, last: bytes - 1 } : "unsatisfiable";
  }
  const [first, last] = [Number(from), to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1)];
  if (to !== "" && Number(to) < first) return "all";
  return first < bytes ? { first, last } : "unsatisfiable";
}
