import { startApp } from "../shop/embedded/app.ts";
import { launch } from "../shop/embedded/launch.ts";
import { buildWhenNeeded } from "../shop/embedded/next-build.ts";

/** `npm start`: everything for production, with what is not configured brought along. */
process.exit(await launch({ nodeEnv: "production", prepare: buildWhenNeeded, startApp }));
