import { Stamp } from "#/ui/look/Stamp.tsx";
import classes from "#/ui/shop/Opening.module.css";

/** How a shop page begins. */
export function Opening({ title, lead, grand = false }: { title: string; lead: string; grand?: boolean }) {
  return (
    <div className={classes.opening} data-grand={grand}>
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.lead}>{lead}</p>
      {grand && <Stamp className={classes.stamp} />}
    </div>
  );
}
