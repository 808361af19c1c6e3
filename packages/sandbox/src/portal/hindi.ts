import type { Translated } from "../hosted-page/english.ts";
import type { en } from "./english.ts";

export const hi: Translated<typeof en> = {
  addCard: "कार्ड बदलें",
  back: "वापस",
  billingInformation: "बिलिंग जानकारी",
  cancel: "सदस्यता रद्द करें",
  canceled: "आपकी सदस्यता रद्द कर दी गई है।",
  cancelEnd: "आपकी सदस्यता {date} तक चालू रहेगी, उसके बाद नवीनीकृत नहीं होगी।",
  cancelNow: "आपकी सदस्यता तुरंत समाप्त हो जाएगी। चुकाई गई राशि वापस नहीं होगी।",
  cancelReason: "आप क्यों जा रहे हैं? (वैकल्पिक)",
  cancelScheduled: "आपकी सदस्यता {date} को समाप्त होगी।",
  cardEnding: "{brand}, अंतिम अंक {last4}",
  cardExpires: "समाप्ति {month}/{year}",
  cardNumber: "कार्ड नंबर",
  cardNumberMissing: "सही कार्ड नंबर लिखें।",
  cardNumberNotTest: "यह सैंडबॉक्स है: यहाँ केवल परीक्षण कार्ड चलते हैं, जैसे 4242 4242 4242 4242।",
  cardSaved: "आपका नया कार्ड सहेज लिया गया है।",
  changeNow: "बदलाव अभी से लागू होगा।",
  choosePlan: "प्लान चुनें",
  comment: "कुछ और जो हमें जानना चाहिए? (वैकल्पिक)",
  confirm: "पुष्टि करें",
  confirmTitle: "बदलावों की पुष्टि करें",
  continue: "आगे बढ़ें",
  currentPlan: "मौजूदा प्लान",
  cvc: "सुरक्षा कोड",
  cvcMissing: "सुरक्षा कोड लिखें।",
  date: "तारीख",
  detailsSaved: "आपकी जानकारी सहेज ली गई है।",
  discount: "छूट",
  done: "हो गया",
  download: "PDF डाउनलोड करें",
  dueNow: "आज देय",
  editDetails: "जानकारी बदलें",
  email: "ईमेल",
  emailInvalid: "सही ईमेल लिखें।",
  ends: "{date} को समाप्त",
  every: `{interval, select,
    day {{count, plural, one {प्रति दिन} other {हर # दिन}}}
    month {{count, plural, one {प्रति माह} other {हर # महीने}}}
    week {{count, plural, one {प्रति सप्ताह} other {हर # सप्ताह}}}
    other {{count, plural, one {प्रति वर्ष} other {हर # वर्ष}}}}`,
  expiredText: "पोर्टल के लिंक थोड़े समय के लिए ही चलते हैं। वापस जाकर नया लिंक खोलें।",
  expiredTitle: "इस लिंक का समय समाप्त हो गया है",
  expiry: "समाप्ति तिथि (MM / YY)",
  expiryMissing: "आने वाली समाप्ति तिथि लिखें।",
  feedback: `{reason, select,
    customer_service {ग्राहक सेवा उम्मीद से कम रही}
    low_quality {गुणवत्ता उम्मीद से कम रही}
    missing_features {मुझे और सुविधाएँ चाहिए}
    switched_service {मुझे दूसरा विकल्प मिल गया}
    too_complex {इसका उपयोग कठिन है}
    too_expensive {यह बहुत महँगा है}
    unused {अब इसकी ज़रूरत नहीं है}
    other {कोई और कारण}}`,
  invoice: "बिल",
  invoiceHistory: "बिलों का इतिहास",
  invoicePaid: "आपका बिल चुका दिया गया है।",
  keep: "सदस्यता बनाए रखें",
  manage: "{shop} पर बिलिंग",
  manageText: "अपना प्लान देखें, भुगतान का तरीका बदलें और अपने बिल पाएँ।",
  name: "नाम",
  newCard: "नया कार्ड",
  nextInvoice: "अगला बिल, {date} को",
  noCard: "कोई कार्ड सहेजा नहीं गया है।",
  noInvoices: "अभी कोई बिल नहीं है।",
  noSubscription: "कोई सदस्यता नहीं है।",
  pause: "सदस्यता रोकें",
  paidSoFar: "चुकाया गया",
  paused: "आपकी सदस्यता रोक दी गई है।",
  pauseText: "रुकी हुई सदस्यता में कोई राशि नहीं ली जाती। आप इसे कभी भी फिर शुरू कर सकते हैं।",
  payInvoice: "अभी भुगतान करें",
  paymentFailed: "भुगतान नहीं हो सका: {message}",
  paymentMethod: "भुगतान का तरीका",
  phone: "फ़ोन",
  quantity: "मात्रा",
  quantityInvalid: "{minimum, number} से {maximum, number} तक की मात्रा लिखें।",
  quantityOf: "मात्रा {count, number}",
  renew: "रद्द न करें",
  renewed: "आपकी सदस्यता जारी रहेगी।",
  renews: "{date} को नवीनीकरण",
  resume: "सदस्यता फिर शुरू करें",
  returnTo: "{shop} पर लौटें",
  sandbox: "सैंडबॉक्स",
  sandboxNote: "यह सैंडबॉक्स है: कोई असली पैसा नहीं कटता और केवल परीक्षण कार्ड चलते हैं।",
  save: "सहेजें",
  stillDue: "देय राशि",
  skip: "सीधे सामग्री पर जाएँ",
  status: `{status, select,
    active {सक्रिय}
    canceled {रद्द}
    draft {मसौदा}
    incomplete {भुगतान की प्रतीक्षा}
    incomplete_expired {शुरू नहीं हुई}
    open {बकाया}
    paid {चुकाया गया}
    past_due {भुगतान बाकी}
    paused {रुकी हुई}
    trialing {ट्रायल}
    uncollectible {छोड़ दिया गया}
    unpaid {अवैतनिक}
    void {निरस्त}
    other {{status}}}`,
  taxIncluded: "शामिल",
  total: "कुल",
  trialEnds: "{date} तक ट्रायल",
  update: "प्लान बदलें",
  updated: "आपका प्लान बदल दिया गया है।",
  viewInvoice: "{date} का बिल देखें",
};
