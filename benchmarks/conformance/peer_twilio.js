// sms-segments-calculator, Twilio's: SegmentedMessage.
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

serve({
  segment,
  count: ({ text, languages }) => {
    only(!languages);
    return segment({ text });
  },
});
