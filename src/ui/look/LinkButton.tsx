"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

/** A link that leads on, looking like the button it acts as. */
export function LinkButton(props: { href: string; quiet?: boolean; children: ReactNode }) {
  return (
    <Button component={Link} href={props.href} size="md" variant={props.quiet ? "default" : "filled"}>
      {props.children}
    </Button>
  );
}
