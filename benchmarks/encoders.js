// Octets by libraries for Node.js: `node encoders.js PACKAGE FOLDER`; texts as JSON in, octets in hexadecimal and seconds
// of processor time out.

const writers = {
  // Twilio's says of each segment which characters it holds, and of each of these its septets or code units.
  'sms-segments-calculator': ({ SegmentedMessage }) => (text) => {
    const message = new SegmentedMessage(text);
    return message.segments.map((segment) => {
      const units = [...segment].filter((character) => character.codeUnits).flatMap((character) => character.codeUnits);
      if (message.encodingName === 'GSM-7') return Buffer.from(units);
      const octets = Buffer.alloc(2 * units.length);
      units.forEach((unit, index) => octets.writeUInt16BE(unit, 2 * index));
      return octets;
    });
  },
  // node-smpp chooses a data coding for a text and writes it; the user cuts.
  smpp: ({ encodings }) => (text) => [encodings[encodings.detect(text)].encode(text)],
};

const [name, folder] = process.argv.slice(2);
const write = writers[name](require(folder));
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const start = process.cpuUsage();
const answers = texts.map((text) => {
  try {
    return write(text);
  } catch {
    return null;
  }
});
const { user, system } = process.cpuUsage(start);
const hexadecimal = answers.map((parts) => parts && parts.map((part) => part.toString('hex')));
console.log(JSON.stringify([hexadecimal, (user + system) / 1e6]));
