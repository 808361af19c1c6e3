import type { ComponentProps, ReactNode } from "react";
import classes from "#/ui/look/Button.module.css";

/** How a button looks, and a link that looks like one. */
export type ButtonLook = {
  size?: "small" | "medium" | "large";
  /** One of several, and not the one most people want. */
  quiet?: boolean;
  /** As wide as its place. */
  wide?: boolean;
  icon?: ReactNode;
};

type ButtonProps = ButtonLook & Omit<ComponentProps<"button">, "className">;

/** Where it must keep the focus while it is busy, give it `aria-disabled` instead of `disabled`. */
export function Button({ size, quiet, wide, icon, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={buttonClass({ size, quiet, wide, icon })}
      data-variant={quiet ? "default" : "filled"}
    >
      <ButtonContent icon={icon}>{children}</ButtonContent>
    </button>
  );
}

export function buttonClass({ size = "medium", quiet, wide, icon }: ButtonLook): string {
  const { button, small, large } = classes;
  const sized = { small, medium: undefined, large }[size];
  const others = [quiet && classes.quiet, wide && classes.wide, icon && classes.withIcon];
  return [button, sized, ...others].filter(Boolean).join(" ");
}

export function ButtonContent({ icon, children }: { icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.inner}>
      {icon && <span className={classes.icon}>{icon}</span>}
      <span className={classes.label}>{children}</span>
    </span>
  );
}
