import { startApp } from "../embedded/app.ts";
import { launch } from "../embedded/launch.ts";
import { buildWhenNeeded } from "../embedded/next-build.ts";

/** `npm start`: everything for production, with what is not configured brought along. */
process.exit(await launch({ nodeEnv: "production", prepare: buildWhenNeeded, startApp }));
