import type { Readable } from "node:stream";

/** Where the files of the catalog lie: a folder, or a bucket of any S3-compatible service (`STORAGE_URL`). */
export type Storage = {
  /** Undefined when there is no such file. Throws when the storage can't be asked. */
  stat(path: string): Promise<StoredFile | undefined>;
  /** Streams it, or a part of it. Throws when the file or the storage is gone. */
  read(path: string, part?: BytePart): Promise<Readable>;
};

export type StoredFile = {
  bytes: number;
  /** Changes when the content does, so that a download is resumed only from the same file. */
  etag: string;
};

/** The first and the last byte, both included, as in HTTP. */
export type BytePart = { first: number; last: number };
