import enCrash from "#/texts/en/crash.json" with { type: "json" };
import hiCrash from "#/texts/hi/crash.json" with { type: "json" };

/** Made of the folders in texts/ by embedded/languages.ts: npm start and npm run dev do it. */
export const CRASH = { en: enCrash, hi: hiCrash };
