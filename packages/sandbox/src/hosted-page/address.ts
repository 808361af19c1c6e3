import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { pictureOrigins } from "./pictures.ts";

type Session = Kinds["checkout.session"];

/** Where a session's page is: a hosted one's at its id, an embedded one's at its secret, which only its shop knows. */
export const pagePath = (session: Session) => `/c/pay/${session.client_secret ?? session.id}`;

/** The session whose page that is. Those with `elements` or `form` have none. */
export function sessionOfPage(store: Store, key: string): Session | undefined {
  const session = store.find("checkout.session", key.split("_secret_")[0] ?? "");
  if (!session || !hasPage(session)) return undefined;
  return (session.client_secret ?? session.id) === key ? session : undefined;
}

export const hasPage = ({ ui_mode: mode }: Session) => mode === "hosted_page" || mode === "embedded_page";

export const isEmbedded = (session: Session | undefined) => session?.ui_mode === "embedded_page";

/** Nothing from elsewhere but the shop's pictures. A page that is opened by itself has no frame around it; a shop may frame an embedded one. */
export function policyFor(store: Store, session: Session | undefined): string {
  const pictures = ["data:", ...(session ? pictureOrigins(store, session) : [])].join(" ");
  const ancestors = isEmbedded(session) ? "*" : "'none'";
  return `default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self'; img-src ${pictures}; connect-src 'self'; frame-ancestors ${ancestors}; base-uri 'none'`;
}
