import classes from "#/ui/offer/PriceTag.module.css";

/** An amount and what it is for, or quieter words where the amount isn't known. */
export function PriceTag({
  amount,
  terms,
  unknown = false,
}: {
  amount: string;
  terms: string;
  unknown?: boolean;
}) {
  return (
    <span className={classes.price} data-unknown={unknown}>
      <span className={classes.amount}>{amount}</span>
      <span className={classes.terms}>{terms}</span>
    </span>
  );
}
