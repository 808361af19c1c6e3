/**
 * What is taken for an e-mail address: something, an @, and a domain with a dot in it. Mail servers take far more than what strict patterns
 * know, such as `a/b@`, `abc.@docomo.ne.jp`, `müller@` and `info@münchen.de`, and who could pay under an address has to be able to sign
 * in with it. White space, and what could make one address look like several, is refused.
 */
export const EMAIL_ADDRESS =
  /^[^\s@"<>(),:;\\[\]\p{Cc}]+@[^\s@"<>(),:;\\[\]\p{Cc}]+\.[^\s@"<>(),:;\\[\]\p{Cc}.]+$/u;
/** Source: RFC 5321, section 4.5.3.1.3. */
export const LONGEST_EMAIL_ADDRESS = 254;
