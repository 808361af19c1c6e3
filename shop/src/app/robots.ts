import type { MetadataRoute } from "next";
import { config } from "#/config.ts";

/** The address is known when the shop runs, not when it is built. */
export const dynamic = "force-dynamic";

/** Pages of one visitor alone, and the API. */
const PRIVATE = ["/account", "/admin", "/api/", "/cart", "/checkout/", "/join/", "/sign-in"];

export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: "*", disallow: PRIVATE }, sitemap: `${config().appUrl}/sitemap.xml` };
}
