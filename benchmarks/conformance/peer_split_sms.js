// split-sms: split.
const { only, serve } = require('./lines.js');
const library = require('split-sms');

const segment = ({ text, reference, ...options }) => {
  only(text !== undefined && Object.keys(options).length === 0);
  const { characterSet, parts, bytes, remainingInPart } = library.split(text);
  const gsm = characterSet === library.GSM;
  return {
    alphabet: gsm ? 'GSM_7BIT' : 'UCS2',
    units: gsm ? bytes : bytes / 2,
    segments: parts.length,
    remaining: remainingInPart,
    texts: parts.map((part) => part.content),
  };
};

serve({
  segment,
  count: ({ text, languages }) => {
    only(!languages);
    return segment({ text });
  },
});
