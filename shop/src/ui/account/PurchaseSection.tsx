import type { ReactNode } from "react";
import classes from "#/ui/account/PurchaseSection.module.css";

export function PurchaseSection(props: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={props.id} className={classes.section}>
      <h2 id={props.id} className={classes.title}>
        {props.title}
      </h2>
      <div className={classes.list}>{props.children}</div>
    </section>
  );
}
