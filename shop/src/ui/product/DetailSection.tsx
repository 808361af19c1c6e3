import type { ReactNode } from "react";
import classes from "#/ui/product/DetailSection.module.css";

export function DetailSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.title}>{title}</h2>
      {children}
    </section>
  );
}
