"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { useMayAct } from "#/ui/admin/MayAct.tsx";
import { type Told, useAct } from "#/ui/admin/use-act.ts";
import { Button } from "#/ui/look/Button.tsx";

type ActProps = {
  title: string;
  /** What it will do, in a sentence: read before the button is there to press. */
  will: string;
  button: string;
  done: string;
  method?: "POST" | "PATCH" | "DELETE";
  path: string;
  body?: object;
  /** It takes something away. */
  danger?: boolean;
  testId: string;
};

/** One thing an operator does: opened, it says what will happen; its button does it; a sentence says what came of it. */
export function Act({ title, will, button, done, method, path, body, danger, testId }: ActProps) {
  const { busy, told, act } = useAct();
  return (
    <ActFrame title={title} testId={testId} told={told}>
      <p>{will}</p>
      <span className={classes.buttons}>
        <ActButton danger={danger} busy={busy} onClick={() => act({ method, path, body, done: () => done })}>
          {button}
        </ActButton>
      </span>
    </ActFrame>
  );
}

type ActFrameProps = {
  title: string;
  testId: string;
  told: Told | undefined;
  /** It is shown open at first. */
  open?: boolean;
  children: ReactNode;
};

/** The sentence stays where it was looked for, also when the page is drawn again. */
export function ActFrame({ title, testId, told, open, children }: ActFrameProps) {
  if (!useMayAct()) return null;
  return (
    <details className={classes.act} data-testid={testId} open={open}>
      <summary className={classes.summary}>{title}</summary>
      <div className={classes.form}>
        {children}
        <p role="status" className={classes.told} data-bad={told?.bad}>
          {told?.text}
        </p>
      </div>
    </details>
  );
}

type ActButtonProps = {
  danger?: boolean | undefined;
  busy: boolean;
  onClick?: () => void;
  children: ReactNode;
};

/** Without `onClick` it sends the form it stands in. */
export function ActButton({ danger = false, busy, onClick, children }: ActButtonProps) {
  const t = useTranslations("admin.act");
  const props = { "aria-disabled": busy, onClick, type: onClick ? ("button" as const) : ("submit" as const) };
  const label = busy ? t("working") : children;
  return danger ? (
    <button {...props} className={classes.danger}>
      {label}
    </button>
  ) : (
    <Button {...props}>{label}</Button>
  );
}
