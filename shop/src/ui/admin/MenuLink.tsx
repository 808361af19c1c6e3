"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import classes from "#/ui/admin/AdminMenu.module.css";

const FRONT = "/admin";

/** A way that says when one is there already: on its page, and on the pages below it. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const isHere = path === href || (href !== FRONT && path.startsWith(`${href}/`));
  return (
    <Link href={href} className={classes.link} aria-current={isHere ? "page" : undefined}>
      {children}
    </Link>
  );
}
