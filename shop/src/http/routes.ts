import {
  type Access,
  anyCaller,
  everybody,
  healthCaller,
  knownCaller,
  owner,
  type Route,
  route,
  scoped,
} from "oncepaid/routes";
import { getCalendar } from "#/http/calendar.ts";
import { deleteCartReminders, postCartReminders, postStopCartReminders } from "#/http/cart-reminders.ts";
import { getHealth } from "#/http/health.ts";
import { deleteOperator, getOperators, postOperator } from "#/http/operators.ts";
import {
  deletePasskey,
  getPasskeys,
  postPasskey,
  postPasskeyOptions,
  postPasskeySignIn,
  postPasskeySignInOptions,
} from "#/http/passkeys.ts";
import {
  getMe,
  getSession,
  postSignIn,
  postSignInCode,
  postSignInLink,
  postSignOut,
  postSignOutEverywhere,
  postVisitor,
} from "#/http/sign-in.ts";
import { deleteWaiting, postWaiting } from "#/http/waiting.ts";

/**
 * Whoever has a link this shop has signed: the handler verifies it, and no cookie counts. Mail programs that run in a browser name an
 * origin of their own, so none is looked at.
 */
const signedLink: Access = {
  who: "whoever has a signed link",
  proofs: [],
  orNobody: true,
  middleware: [],
};

/** What can be asked of the shop beside what can be asked of its engine, and who may ask it. */
export const ROUTES: readonly Route[] = [
  route("GET", "/health", scoped("read", healthCaller), getHealth),
  route("GET", "/me", scoped("read", anyCaller), getMe),
  route("GET", "/bookings/:file{.+\\.ics}", scoped("read", anyCaller), getCalendar),
  route("POST", "/waiting", scoped("sell", knownCaller("Sign in first.")), postWaiting),
  route("DELETE", "/waiting/:slotId", scoped("sell", knownCaller("Sign in first.")), deleteWaiting),
  route("POST", "/cart-reminders", scoped("sell", knownCaller("Sign in first.")), postCartReminders),
  route("DELETE", "/cart-reminders", scoped("sell", knownCaller("Sign in first.")), deleteCartReminders),
  route("POST", "/cart-reminders/stop", signedLink, postStopCartReminders),
  route("GET", "/admin/operators", scoped("operator", owner), getOperators),
  route("POST", "/admin/operators", scoped("operator", owner), postOperator),
  route("DELETE", "/admin/operators/:email", scoped("operator", owner), deleteOperator),
  route("GET", "/admin/passkeys", scoped("operator", anyCaller), getPasskeys),
  route("POST", "/admin/passkeys/options", scoped("operator", anyCaller), postPasskeyOptions),
  route("POST", "/admin/passkeys", scoped("operator", anyCaller), postPasskey),
  route("DELETE", "/admin/passkeys/:id", scoped("operator", anyCaller), deletePasskey),
  route("POST", "/auth/passkey/options", everybody, postPasskeySignInOptions),
  route("POST", "/auth/sign-in/passkey", everybody, postPasskeySignIn),
  route("POST", "/auth/email-otp/send-verification-otp", everybody, postSignInCode),
  route("POST", "/auth/sign-in/email-otp", everybody, postSignIn),
  route("POST", "/auth/sign-in/link", everybody, postSignInLink),
  route("POST", "/auth/sign-out", everybody, postSignOut),
  route("POST", "/auth/sign-out-everywhere", everybody, postSignOutEverywhere),
  route("POST", "/auth/sign-in/anonymous", scoped("sell", anyCaller), postVisitor),
  route("GET", "/auth/get-session", everybody, getSession),
];
