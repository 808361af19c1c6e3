import type { Readable } from "node:stream";
import { getMimeType } from "hono/utils/mime";
import { z } from "zod";
import { giveLink, mayDownload, type OpenedFile, openLink } from "#/downloads/downloads.ts";
import { wantedPart } from "#/downloads/range.ts";
import { type Failure, failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";
import { endpoint, file, redirect } from "#/http/endpoint.ts";

export const getDownload = endpoint({
  summary: "Redirects to a link to a file that works for five minutes, and counts it",
  takes: {
    params: z.object({ entitlementId: z.string() }),
    query: z.object({ file: z.string().optional() }),
  },
  answers: {
    ...redirect("The link to the file."),
    also: { 204: "Nobody has opened it yet, so nothing is counted." },
  },
  handle: async (c, { params, query }) => {
    if (onlyLooks(c.req.raw)) {
      const may = await mayDownload(c.var.engine, params.entitlementId, query.file, c.var.caller);
      c.header("cache-control", "no-store");
      return may.ok ? c.body(null, 204) : may;
    }
    const given = await giveLink(c.var.engine, params.entitlementId, query.file, c.var.caller);
    if (!given.ok) return given;
    c.header("cache-control", "no-store");
    return c.redirect(`${basePathOf(c)}/files/${given.token}`, 302);
  },
});

export const getFile = endpoint({
  summary: "The file of a link, or the part of it that Range asks for; the link is all that is needed",
  takes: { params: z.object({ token: z.string() }) },
  answers: {
    ...file("application/octet-stream", "The file."),
    also: { 206: "The part that was asked for." },
  },
  handle: async (c, { params }) => {
    const opened = await openLink(c.var.engine, params.token);
    c.header("cache-control", "private, no-store");
    return opened.ok ? sendFile(c, opened) : opened;
  },
});

/** Nobody has opened the link: a program asks where it leads, or a browser fetches it in case somebody will (`Sec-Purpose: prefetch`). */
function onlyLooks({ method, headers }: Request): boolean {
  return method === "HEAD" || /\bprefetch\b/.test(headers.get("sec-purpose") ?? "");
}

/** Where the engine is mounted: what stands before this route's own path. */
function basePathOf(c: Context): string {
  return c.req.path.slice(0, c.req.path.lastIndexOf("/downloads/"));
}

async function sendFile(c: Context, { file, stored }: OpenedFile): Promise<Response | Failure> {
  const part = wantedPart(stored, c.req.header("range"), c.req.header("if-range"));
  c.header("accept-ranges", "bytes");
  c.header("etag", stored.etag);
  if (part === "unsatisfiable") {
    c.header("content-range", `bytes */${stored.bytes}`);
    return failure("invalid_range", "The file ends before the part that was asked for.");
  }
  const { first, last } = part === "all" ? { first: 0, last: stored.bytes - 1 } : part;
  if (part !== "all") c.header("content-range", `bytes ${first}-${last}/${stored.bytes}`);
  c.header("content-length", String(last - first + 1));
  c.header("content-type", getMimeType(file.name) ?? "application/octet-stream");
  c.header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
  const status = part === "all" ? 200 : 206;
  // Of an empty file no storage can be asked for the bytes from the first to the last.
  if (c.req.raw.method === "HEAD" || stored.bytes === 0) return c.body(null, status);
  return c.body(bodyOf(await c.var.engine.storage.read(file.path, { first, last })), status);
}

/** Read only as fast as the receiver takes it, and no further than it stays. */
function bodyOf(content: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = content[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void content.destroy(),
  });
}
