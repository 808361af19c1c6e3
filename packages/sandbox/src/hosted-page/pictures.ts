import { html } from "hono/html";
import { linesOf } from "../checkout/contents.ts";
import { isLoopback } from "../loopback.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

type Html = ReturnType<typeof html>;
type Session = Kinds["checkout.session"];

/**
 * The shop's pictures are the only thing on the page that comes from elsewhere. They come over https, or from this machine,
 * and the page goes without them: each lies on a letter that shows where the picture can't be loaded.
 */
export function pictureUrl(given: string | undefined): string | null {
  const url = URL.parse(given ?? "");
  if (!url) return null;
  const near = url.protocol === "http:" && isLoopback(url.hostname);
  // A host may be written with `;` and `*`, which mean something in a Content-Security-Policy.
  const plain = /^[\w.-]+$/.test(url.hostname);
  return plain && (near || url.protocol === "https:") ? url.href : null;
}

/** A product's first picture, as on Stripe's page. */
export function productPicture(store: Store, product: string | undefined): string | null {
  return pictureUrl(store.find("product", product ?? "")?.images[0]);
}

export interface Mark {
  icon: string | null;
  /** Stands in the place of the icon and the name. */
  logo: string | null;
}

export function markOf({ branding_settings: branding }: Session): Mark {
  return { icon: pictureUrl(branding?.icon?.url), logo: pictureUrl(branding?.logo?.url) };
}

/** Where the pictures of a session's page come from. */
export function pictureOrigins(store: Store, session: Session): string[] {
  const { icon, logo } = markOf(session);
  const bought = linesOf(store, session.id).map(({ price }) => price?.product);
  const offered = (session.optional_items ?? []).map(({ price }) => store.find("price", price)?.product);
  const products = [...bought, ...offered].map((product) => productPicture(store, product));
  const shown = [icon, logo, ...products].filter((url) => url !== null);
  return [...new Set(shown.map((url) => new URL(url).origin))];
}

/** The picture, over the letter it is in the place of. The text beside it says what it shows. */
export function tile(name: string, picture: string | null): Html {
  return html`<span class="tile" aria-hidden="true">${initialOf(name)}${image(picture)}</span>`;
}

/** Whose page it is. */
export function shopName(shop: string, { icon, logo }: Mark): Html {
  const mark = html`<span class="shop-mark" aria-hidden="true">${initialOf(shop)}${image(icon)}</span>`;
  const name = html`${mark} <span class="shop-name">${shop}</span>`;
  return logo ? html`<span class="shop-logo">${name}${image(logo)}</span>` : name;
}

/** What a reader takes for the first letter, which may be several characters: की. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return (first?.segment ?? "").toUpperCase();
}

function image(url: string | null): Html | string {
  return url ? html`<img class="picture" src="${url}" alt="" decoding="async" />` : "";
}
