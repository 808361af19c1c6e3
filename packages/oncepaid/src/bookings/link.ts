/**
 * Whether a place is, or has in it, a link: what is sold is then behind it, so only who has booked is shown it. An address
 * may be known to everybody.
 */
export function isLink(place: string): boolean {
  return /https?:\/\//i.test(place);
}
