import classes from "#/ui/shop/PriceTag.module.css";

/** An amount and what it is for. */
export function PriceTag({ amount, terms }: { amount: string; terms: string }) {
  return (
    <span className={classes.price}>
      <span className={classes.amount}>{amount}</span>
      <span className={classes.terms}>{terms}</span>
    </span>
  );
}
