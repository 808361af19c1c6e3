/** A hundred million: three tries of each code, and 30 codes an hour that strangers may ask for, hit once in a century. */
export const CODE_DIGITS = 8;
