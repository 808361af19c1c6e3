import { writeLanguages } from "../shop/embedded/languages.ts";
import { launch } from "../shop/embedded/launch.ts";
import { startReloadingApp } from "../shop/embedded/reloading-app.ts";

/** `npm run dev`: like `npm start`, with pages built as they are asked for and the app started anew on changes. */
process.exit(
  await launch({
    nodeEnv: "development",
    prepare: async () => writeLanguages(),
    startApp: startReloadingApp,
  }),
);
