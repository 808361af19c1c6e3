import { openBucket } from "#/storage/bucket.ts";
import { openFolder } from "#/storage/folder.ts";
import type { Storage } from "#/storage/storage.ts";

export function openStorage(url: URL): Storage {
  return url.protocol === "file:" ? openFolder(url) : openBucket(url);
}
