import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Storage } from "#/storage/storage.ts";

/** Files of a folder on this machine: `file:///srv/oncepaid/files`. */
export function openFolder(url: URL): Storage {
  const folder = fileURLToPath(url);
  const place = (path: string) => {
    const file = normalize(join(folder, path));
    if (!file.startsWith(normalize(folder + sep))) throw new Error(`The path ${path} leaves the storage.`);
    return file;
  };
  return {
    stat: async (path) => {
      try {
        const found = await stat(place(path));
        if (!found.isFile()) return undefined;
        return {
          bytes: found.size,
          etag: `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`,
        };
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    read: async (path, part) => {
      const range = part && { start: part.first, end: part.last };
      return createReadStream(place(path), range);
    },
  };
}
