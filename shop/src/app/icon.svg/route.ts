import { ICON } from "#/brand/look.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** The icon of the browser's tab: the brand's mark. */
export function GET(): Response {
  return new Response(ICON, {
    headers: { "content-type": "image/svg+xml", "cache-control": `public, max-age=${DAY_SECONDS}` },
  });
}
