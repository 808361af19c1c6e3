/** Made of the folders in texts/ by embedded/languages.ts: npm start and npm run dev do it. */
export const LOCALES = ["en", "hi"] as const;
