/** What an answer shows this once, by its name in it. */
export function secretIn(answered: object, name: string): string {
  const value = Object.entries(answered).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : "";
}
