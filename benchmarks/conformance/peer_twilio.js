// sms-segments-calculator, Twilio's: SegmentedMessage, with the characters as it encodes and replaces them.
const { only, serve } = require('./lines.js');
const { SegmentedMessage } = require('sms-segments-calculator');

const segment = ({ text, reference, ...options }) => {
  only(text !== undefined && Object.keys(options).length === 0);
  only(text.length <= 5000); // its time grows with the square of that
  const message = new SegmentedMessage(text);
  const gsm = message.encodingName === 'GSM-7';
  return {
    alphabet: gsm ? 'GSM_7BIT' : 'UCS2',
    units: message.messageSize / (gsm ? 7 : 16),
    segments: message.segmentsCount,
  };
};

const codeUnits = (text, encoding) => new SegmentedMessage(text, encoding).encodedChars.flatMap((each) => each.codeUnits);
const hex = (numbers, digits) => numbers.map((number) => number.toString(16).padStart(digits, '0')).join('');

serve({
  segment,
  encode: ({ text, tables }) => {
    only(!tables);
    return { septets: hex(codeUnits(text, 'GSM-7'), 2) };
  },
  encode_ucs2: ({ text }) => ({ octets: hex(codeUnits(text, 'UCS-2'), 4) }),
  transliterate: ({ text, replacements }) => {
    only(!replacements);
    return { text: new SegmentedMessage(text, 'auto', true).graphemes.join('') };
  },
  count: ({ text, languages }) => {
    only(!languages);
    return segment({ text });
  },
});
