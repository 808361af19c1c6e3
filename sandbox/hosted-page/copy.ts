/** Everything the page says, in the two languages it speaks. `{…}` are filled in by `say`. */
const en = {
  back: "Back to {shop}",
  bankAccount: "Account number",
  bankAccountHint: "Test account: 000123456789. Its bank answers later, when you tell the sandbox how.",
  bankDebit: "Bank debit",
  card: "Card",
  cardDeclinedHint: "{message} Try a different card.",
  cardInformation: "Card information",
  cardNumber: "Card number",
  contact: "Contact information",
  country: "Country or region",
  cvc: "CVC",
  due: "Total due",
  dueToday: "Total due today",
  each: "{amount} each",
  email: "Email",
  everyDay: "per day",
  everyMonth: "per month",
  everyWeek: "per week",
  everyYear: "per year",
  every: "every {count} {interval}",
  expiry: "Expiration",
  expiryHint: "MM / YY",
  free: "Free",
  getFree: "Complete order",
  nameOnCard: "Cardholder name",
  nameHint: "Full name",
  nameOnAccount: "Account holder",
  pay: "Pay {amount}",
  book: "Book for {amount}",
  donate: "Donate {amount}",
  payShop: "Pay {shop}",
  paymentMethod: "Payment method",
  processing: "Processing",
  paid: "Done",
  quantity: "Qty {count}",
  sandbox: "Sandbox",
  sandboxNote: "This is a sandbox: no money moves, and only test cards work.",
  startTrial: "Start trial",
  subscribe: "Subscribe",
  subscribeTo: "Subscribe to {product}",
  subscriptionTerms: "By subscribing, you let {shop} charge you {price} until you cancel.",
  subtotal: "Subtotal",
  testCards: "Test cards",
  testCardSucceeds: "succeeds",
  testCardDeclined: "is declined",
  testCardNoFunds: "has insufficient funds",
  thenPrice: "Then {price}",
  trialDays: "{count} days free",
  tryTrial: "Try {product}",
  completedTitle: "This has been paid",
  completedText: "The payment for this order is complete. There is nothing left to do on this page.",
  pendingTitle: "Your order is placed",
  pendingText:
    "Your bank is being asked to pay, which takes a while. There is nothing left to do on this page.",
  expiredTitle: "This page has expired",
  expiredText:
    "The time to pay has run out and nothing was charged. Go back and start again to get a new page.",
  notFoundTitle: "There is nothing here",
  notFoundText: "This payment page does not exist. Check the link, or go back and start again.",
  wayBack: "Return to {shop}",
  somethingWrong: "Something went wrong and nothing was charged. Please try again.",
  emailMissing: "Enter your email.",
  emailInvalid: "Your email is incomplete.",
  numberMissing: "Enter your card number.",
  numberInvalid: "Your card number is invalid.",
  numberNotTest: "This is a sandbox: only test cards work here, such as 4242 4242 4242 4242.",
  expiryMissing: "Enter the expiration date.",
  expiryInvalid: "Your card's expiration date is incomplete.",
  expiryPast: "Your card's expiration date is in the past.",
  cvcMissing: "Enter the security code.",
  cvcInvalid: "Your card's security code is incomplete.",
  nameMissing: "Enter your full name.",
  accountInvalid: "Enter an account number of 9 to 17 digits.",
};

export type Copy = typeof en;

const hi: Copy = {
  back: "{shop} पर वापस जाएँ",
  bankAccount: "खाता संख्या",
  bankAccountHint: "परीक्षण खाता: 000123456789। बैंक का उत्तर बाद में आता है, जब आप सैंडबॉक्स को बताते हैं।",
  bankDebit: "बैंक डेबिट",
  card: "कार्ड",
  cardDeclinedHint: "{message} कोई दूसरा कार्ड आज़माएँ।",
  cardInformation: "कार्ड की जानकारी",
  cardNumber: "कार्ड नंबर",
  contact: "संपर्क जानकारी",
  country: "देश या क्षेत्र",
  cvc: "CVC",
  due: "कुल देय राशि",
  dueToday: "आज देय कुल राशि",
  each: "प्रति नग {amount}",
  email: "ईमेल",
  everyDay: "प्रति दिन",
  everyMonth: "प्रति माह",
  everyWeek: "प्रति सप्ताह",
  everyYear: "प्रति वर्ष",
  every: "हर {count} {interval}",
  expiry: "समाप्ति तिथि",
  expiryHint: "MM / YY",
  free: "निःशुल्क",
  getFree: "ऑर्डर पूरा करें",
  nameOnCard: "कार्डधारक का नाम",
  nameHint: "पूरा नाम",
  nameOnAccount: "खाताधारक का नाम",
  pay: "{amount} का भुगतान करें",
  book: "{amount} में बुक करें",
  donate: "{amount} दान करें",
  payShop: "{shop} को भुगतान करें",
  paymentMethod: "भुगतान का तरीका",
  processing: "प्रोसेस हो रहा है",
  paid: "हो गया",
  quantity: "मात्रा {count}",
  sandbox: "सैंडबॉक्स",
  sandboxNote: "यह सैंडबॉक्स है: कोई असली पैसा नहीं कटता और केवल परीक्षण कार्ड चलते हैं।",
  startTrial: "ट्रायल शुरू करें",
  subscribe: "सदस्यता लें",
  subscribeTo: "{product} की सदस्यता लें",
  subscriptionTerms: "सदस्यता लेकर आप {shop} को रद्द करने तक {price} लेने की अनुमति देते हैं।",
  subtotal: "उप-योग",
  testCards: "परीक्षण कार्ड",
  testCardSucceeds: "सफल होता है",
  testCardDeclined: "अस्वीकृत होता है",
  testCardNoFunds: "में पर्याप्त राशि नहीं है",
  thenPrice: "उसके बाद {price}",
  trialDays: "{count} दिन निःशुल्क",
  tryTrial: "{product} आज़माएँ",
  completedTitle: "इसका भुगतान हो चुका है",
  completedText: "इस ऑर्डर का भुगतान पूरा हो गया है। इस पेज पर अब कुछ करना बाकी नहीं है।",
  pendingTitle: "आपका ऑर्डर दर्ज हो गया है",
  pendingText: "आपके बैंक से भुगतान माँगा जा रहा है, इसमें कुछ समय लगता है। इस पेज पर अब कुछ करना बाकी नहीं है।",
  expiredTitle: "इस पेज का समय समाप्त हो गया है",
  expiredText: "भुगतान का समय बीत गया और कोई राशि नहीं ली गई। नया पेज पाने के लिए वापस जाकर फिर से शुरू करें।",
  notFoundTitle: "यहाँ कुछ नहीं है",
  notFoundText: "यह भुगतान पेज मौजूद नहीं है। लिंक जाँचें या वापस जाकर फिर से शुरू करें।",
  wayBack: "{shop} पर लौटें",
  somethingWrong: "कुछ गड़बड़ हुई और कोई राशि नहीं ली गई। कृपया फिर से प्रयास करें।",
  emailMissing: "अपना ईमेल लिखें।",
  emailInvalid: "आपका ईमेल अधूरा है।",
  numberMissing: "अपना कार्ड नंबर लिखें।",
  numberInvalid: "आपका कार्ड नंबर अमान्य है।",
  numberNotTest: "यह सैंडबॉक्स है: यहाँ केवल परीक्षण कार्ड चलते हैं, जैसे 4242 4242 4242 4242।",
  expiryMissing: "समाप्ति तिथि लिखें।",
  expiryInvalid: "आपके कार्ड की समाप्ति तिथि अधूरी है।",
  expiryPast: "आपके कार्ड की समाप्ति तिथि बीत चुकी है।",
  cvcMissing: "सुरक्षा कोड लिखें।",
  cvcInvalid: "आपके कार्ड का सुरक्षा कोड अधूरा है।",
  nameMissing: "अपना पूरा नाम लिखें।",
  accountInvalid: "9 से 17 अंकों की खाता संख्या लिखें।",
};

/** The bank's own words for a refusal are English on the API; the page says them in the buyer's language. */
const hindiDeclines: Record<string, string> = {
  card_declined: "आपका कार्ड अस्वीकार कर दिया गया।",
  insufficient_funds: "आपके कार्ड में पर्याप्त राशि नहीं है।",
  expired_card: "आपके कार्ड की अवधि समाप्त हो गई है।",
  incorrect_cvc: "आपके कार्ड का सुरक्षा कोड गलत है।",
  processing_error: "आपका कार्ड प्रोसेस करते समय त्रुटि हुई। थोड़ी देर में फिर से प्रयास करें।",
};

export interface Language {
  tag: "en" | "hi-IN";
  copy: Copy;
  decline(decline: { code: string; decline_code: string | null; message: string }): string;
}

const english: Language = { tag: "en", copy: en, decline: ({ message }) => message };
const hindi: Language = {
  tag: "hi-IN",
  copy: hi,
  decline: ({ code, decline_code, message }) =>
    hindiDeclines[decline_code ?? ""] ?? hindiDeclines[code] ?? message,
};

/** The session's locale; with none, or `auto`, what the browser prefers. Other languages are not spoken yet. */
export function languageFor(locale: string | null, acceptLanguage = ""): Language {
  const wanted = locale && locale !== "auto" ? locale : (preferred(acceptLanguage) ?? "en");
  return wanted.toLowerCase().startsWith("hi") ? hindi : english;
}

export function say(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

function preferred(acceptLanguage: string): string | undefined {
  return acceptLanguage
    .split(",")
    .map((part) => {
      const [tag = "", q] = part.trim().split(/;\s*q=/);
      return { tag, weight: q === undefined ? 1 : Number(q) };
    })
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
    .find((tag) => /^(en|hi)\b/i.test(tag));
}
