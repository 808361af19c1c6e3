"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { THEME_COOKIE, type Theme } from "#/theme.ts";
import classes from "#/ui/frame/ThemeSwitch.module.css";
import { keepChoice } from "#/ui/keep-choice.ts";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";

type Choice = Theme | "system";

const ICONS: Record<Choice, IconName> = { system: "screen", light: "sun", dark: "moon" };
const CHOICES = ["system", "light", "dark"] as const;

type ThemeSwitchProps = { label: string; names: Record<Choice, string>; chosen: Choice };

/** As the system is, light or dark: kept in a cookie, so that the server draws the next page like that from the start. */
export function ThemeSwitch({ label, names, chosen }: ThemeSwitchProps) {
  const router = useRouter();
  const [, startTransition] = useTransition();
  const choose = (choice: Choice) => {
    keepChoice(THEME_COOKIE, choice === "system" ? undefined : choice);
    startTransition(() => router.refresh());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; these act at once.
    <div role="group" aria-label={label} className={classes.group}>
      {CHOICES.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-label={names[choice]}
          title={names[choice]}
          aria-pressed={choice === chosen}
          className={classes.choice}
          onClick={() => choose(choice)}
          data-testid={`theme-${choice}`}
        >
          <Icon name={ICONS[choice]} size={18} />
        </button>
      ))}
    </div>
  );
}
