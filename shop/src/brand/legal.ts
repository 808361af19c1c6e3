import type { Brand } from "#/brand/shape.ts";

/**
 * What a seller has to say, and most countries want said: texts of pages of the shop's own (`/terms`, `/privacy`, `/refunds`), or an
 * https address where it is said already. What stands here is the demo's: put yours in its place, or take a line away, and
 * nothing links to it any more.
 */
export const LEGAL: Brand["legal"] = {
  terms: {
    en: [
      {
        title: "Who you buy from",
        text: [
          "This is a demo shop. Its name, its address and its prices are made up, and while it runs on play money nothing is sold.",
        ],
      },
      {
        title: "How a contract comes about",
        text: [
          "You choose a product, and Stripe’s payment page shows what it costs before you pay. The contract is made when Stripe confirms your payment; you get a receipt by e-mail.",
        ],
      },
      {
        title: "What you get",
        text: [
          "What you bought opens in your account as soon as the payment is confirmed. Files may be used by you, not passed on or sold. A plan renews by itself until you cancel it. A place in a workshop is for the date you chose.",
        ],
      },
      {
        title: "When access ends",
        text: [
          "Access to what is paid once ends with a full refund, or with a payment that your bank takes back. A plan ends when what you paid for is over.",
        ],
      },
    ],
    hi: [
      {
        title: "आप किससे ख़रीदते हैं",
        text: [
          "यह एक डेमो दुकान है। इसका नाम, पता और क़ीमतें काल्पनिक हैं, और जब तक यह नकली पैसों पर चलती है, कुछ भी बेचा नहीं जाता।",
        ],
      },
      {
        title: "सौदा कब पक्का होता है",
        text: [
          "आप उत्पाद चुनते हैं, और Stripe का भुगतान पेज भुगतान से पहले उसकी क़ीमत दिखाता है। Stripe के पुष्टि करते ही सौदा पक्का होता है; रसीद आपको ईमेल से मिलती है।",
        ],
      },
      {
        title: "आपको क्या मिलता है",
        text: [
          "भुगतान की पुष्टि होते ही ख़रीदी हुई चीज़ आपके खाते में खुल जाती है। फ़ाइलें केवल आपके इस्तेमाल के लिए हैं; उन्हें आगे देना या बेचना मना है। प्लान रद्द किए जाने तक अपने आप नवीनीकृत होता है। वर्कशॉप की जगह आपकी चुनी हुई तारीख़ के लिए है।",
        ],
      },
      {
        title: "एक्सेस कब समाप्त होता है",
        text: [
          "एक बार के भुगतान वाली चीज़ का एक्सेस पूरा रिफ़ंड होने पर या बैंक के भुगतान वापस लेने पर समाप्त होता है। प्लान भुगतान की हुई अवधि पूरी होने पर समाप्त होता है।",
        ],
      },
    ],
  },
  privacy: {
    en: [
      {
        title: "What is kept",
        text: [
          "Your e-mail address, what you bought and when, and what Stripe tells of your payment: the amount, the state, never your card.",
          "Cookies keep you signed in and remember your language, currency and colours. There are none for advertising, and nobody counts your visits.",
        ],
      },
      {
        title: "Who gets it",
        text: [
          "Stripe takes your payment and keeps what its own privacy policy says. Nobody else gets your data.",
        ],
      },
      {
        title: "How long, and your rights",
        text: [
          "What tax law asks for is kept as long as it asks for it. You may ask for everything that is kept of you, and to have it removed: write to the address below.",
        ],
      },
    ],
    hi: [
      {
        title: "क्या रखा जाता है",
        text: [
          "आपका ईमेल पता, आपने क्या और कब ख़रीदा, और Stripe आपके भुगतान के बारे में जो बताता है: रक़म और स्थिति, कार्ड कभी नहीं।",
          "कुकी आपको साइन इन रखती हैं और आपकी भाषा, मुद्रा और रंग याद रखती हैं। विज्ञापन के लिए कोई कुकी नहीं है, और आपके आने की गिनती कोई नहीं करता।",
        ],
      },
      {
        title: "किसे मिलता है",
        text: [
          "Stripe आपका भुगतान लेता है और अपनी गोपनीयता नीति के अनुसार जानकारी रखता है। आपका डेटा और किसी को नहीं मिलता।",
        ],
      },
      {
        title: "कितने समय तक, और आपके अधिकार",
        text: [
          "टैक्स क़ानून जो माँगता है, वह उतने समय तक रखा जाता है जितना वह माँगता है। आपके बारे में जो कुछ रखा है उसे आप माँग सकते हैं और हटवा सकते हैं: नीचे दिए पते पर लिखें।",
        ],
      },
    ],
  },
  refunds: {
    en: [
      {
        title: "Changed your mind?",
        text: [
          "Write to us within 14 days of paying, from the address you paid with, and you get your money back. It goes back the way it came; banks take 5 to 10 days.",
        ],
      },
      {
        title: "Plans",
        text: [
          "A plan can be canceled in your account at any time. What is paid stays yours until the end of the period.",
        ],
      },
      {
        title: "Workshops",
        text: [
          "Where we cancel or move a date and the new one doesn’t suit you, you get all your money back.",
        ],
      },
    ],
    hi: [
      {
        title: "मन बदल गया?",
        text: [
          "भुगतान के 14 दिन के भीतर उसी पते से हमें लिखें जिससे आपने भुगतान किया था, और आपके पैसे लौटा दिए जाएँगे। पैसे उसी रास्ते लौटते हैं जिससे आए थे; बैंक को 5 से 10 दिन लगते हैं।",
        ],
      },
      {
        title: "प्लान",
        text: [
          "प्लान अपने खाते में कभी भी रद्द किया जा सकता है। जितनी अवधि का भुगतान हो चुका है, तब तक वह आपका रहता है।",
        ],
      },
      {
        title: "वर्कशॉप",
        text: ["अगर हम कोई तारीख़ रद्द करें या बदलें और नई तारीख़ आपको ठीक न लगे, तो आपको पूरे पैसे वापस मिलते हैं।"],
      },
    ],
  },
};
