/** How things look on every page. */
export const BUTTON =
  "cursor-pointer rounded-md bg-red-700 px-4 py-2.5 text-sm font-medium text-white hover:bg-red-800 disabled:cursor-default disabled:opacity-50";
export const FIELD =
  "w-full rounded-md border border-stone-400 bg-white px-3 py-2.5 text-stone-900 dark:border-stone-600 dark:bg-stone-900 dark:text-stone-100";
export const CARD = "rounded-xl border border-stone-300 p-5 dark:border-stone-700";
export const QUIET = "text-sm text-stone-600 dark:text-stone-400";
