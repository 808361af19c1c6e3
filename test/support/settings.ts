const SETTINGS =
  /^(PORT|APP_URL|DATABASE_URL|DATA_DIR|STRIPE_.*|API_KEYS|ADMIN_EMAILS|AUTH_SECRET.*|SMTP_URL|MAIL_FROM|OUTBOUND_.*|STORAGE_URL|CHECKOUT_UI|AUTOMATIC_TAX|TAX_ID_COLLECTION|BILLING_ADDRESS|WORKER|LOG_LEVEL|NODE_ENV|HOST|TRUSTED_PROXIES|HOLDS_.*|RETENTION_.*|METRICS_TOKEN)$/;

/** This process's environment without settings of the app: the developer's own must not change what a test sees. */
export function withoutSettings(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
  return { ...Object.fromEntries(others), NODE_ENV: "production" };
}
