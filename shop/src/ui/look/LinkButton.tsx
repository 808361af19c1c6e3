"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

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
  return (
    <Button
      component={Link}
      href={href}
      size={wide ? "lg" : "md"}
      fullWidth={wide}
      variant={quiet ? "default" : "filled"}
      aria-label={name}
    >
      {children}
    </Button>
  );
}
