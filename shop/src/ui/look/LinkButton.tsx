import Link from "next/link";
import type { ReactNode } from "react";
import { ButtonContent, buttonClass } from "#/ui/look/Button.tsx";

type LinkButtonProps = {
  href: string;
  quiet?: boolean;
  /** As wide and as high as a Buy button. */
  wide?: boolean;
  /** For those who hear the page, where the text alone doesn't say where it leads. */
  name?: string;
  children: ReactNode;
};

/** A link that leads on, looking like the button it acts as. */
export function LinkButton({ href, quiet = false, wide = false, name, children }: LinkButtonProps) {
  const size = wide ? "large" : "medium";
  return (
    <Link href={href} prefetch={false} className={buttonClass({ size, quiet, wide })} aria-label={name}>
      <ButtonContent>{children}</ButtonContent>
    </Link>
  );
}
