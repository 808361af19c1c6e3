import { buildWhenNeeded } from "../../shop/embedded/next-build.ts";

/** What the journeys run is what `npm start` runs. */
export default async function setup(): Promise<void> {
  await buildWhenNeeded();
}
