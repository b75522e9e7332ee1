// node-pdu: Submit, and parse of what a modem gives.
const { only, serve } = require('./lines.js');
const { Submit, parse } = require('node-pdu');

const beforeUdl = '00 41 00 0c 91 446123690010 00 00'.replaceAll(' ', '').length;

const segment = ({ text, reference, ...options }) => {
  only(text !== undefined && Object.keys(options).length === 0);
  const parts = new Submit('+441632960100', text).getPartStrings();
  const coded = parseInt(parts[0].slice(beforeUdl - 2, beforeUdl), 16) & 0x0c;
  return { alphabet: coded === 8 ? 'UCS2' : 'GSM_7BIT', segments: parts.length };
};

serve({
  segment,
  count: ({ text, languages }) => {
    only(!languages);
    return segment({ text });
  },
  tpdu: ({ direction, octets, strict }) => {
    const type = parseInt(octets.slice(0, 2), 16) & 3;
    only(!strict && (direction === 'sc-to-ms' ? type !== 1 : type === 1));
    const read = parse('00' + octets);
    const fields = { 'TP-PID': read.protocolIdentifier.getValue(), 'TP-DCS': read.dataCodingScheme.getValue() };
    if (type === 2) return { type: 'SMS-STATUS-REPORT', fields: { 'TP-MR': read.reference, 'TP-ST': read.status } };
    fields.text = read.data.getText();
    return { type: type === 1 ? 'SMS-SUBMIT' : 'SMS-DELIVER', fields };
  },
});
