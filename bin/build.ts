import { messageOf } from "oncepaid/failure";
import { buildWhenNeeded } from "../shop/embedded/next-build.ts";
import { PartError } from "../shop/embedded/part-error.ts";

/** `npm run build`: the pages, for a machine or an image that is to start without building. `npm start` does it by itself. */
try {
  await buildWhenNeeded();
  console.log("The pages are built.");
} catch (error) {
  console.error(error instanceof PartError ? error.message : messageOf(error));
  process.exitCode = 1;
}
process.disconnect?.();
