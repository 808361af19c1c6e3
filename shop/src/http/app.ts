import { withRoutes } from "oncepaid/routes";
import { showRefusal } from "#/http/refused-page.ts";
import { ROUTES } from "#/http/routes.ts";
import { oncepaid } from "#/oncepaid.ts";

let api: ReturnType<typeof withRoutes> | undefined;

/** The shop's API: the engine's, with the accounts of the shop beside it. */
export function shopApi(): ReturnType<typeof withRoutes> {
  const around = { "/downloads/*": showRefusal, "/files/*": showRefusal };
  api ??= withRoutes(oncepaid(), { routes: ROUTES, around });
  return api;
}
