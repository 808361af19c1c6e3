import type { ReactNode } from "react";
import classes from "#/ui/admin/Panel.module.css";

/** One subject of an operator's page. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.panel}>
      <h2 className={classes.title}>{title}</h2>
      {children}
    </section>
  );
}
