import type { Engine } from "#/engine.ts";
import { codeOf, messageOf } from "#/failure.ts";

/** By its code: the config may have been made by another copy of this package, whose classes are others. */
export function isNotConfigured(error: unknown): boolean {
  return codeOf(error) === "not_configured";
}

/** What an engine was not told and can't do without, a sentence each. */
export function notConfigured({ settings }: Engine): string[] {
  const needed = [
    () => settings.appUrl,
    () => settings.database,
    () => settings.stripe.secretKey,
    () => settings.stripe.webhookSecrets,
    () => settings.stripe.apiBase,
  ];
  return needed.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (isNotConfigured(error)) return [messageOf(error)];
      throw error;
    }
  });
}
