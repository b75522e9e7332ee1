// node-pdu: Submit, and parse of what a modem gives, which also stands for what it reads only there.
const { only, serve } = require('./lines.js');
const { Report, Submit, parse } = require('node-pdu');

const beforeUdl = '00 41 00 0c 91 446123690010 00 00'.replaceAll(' ', '').length;

const segment = ({ text, reference, ...options }) => {
  only(text !== undefined && Object.keys(options).length === 0);
  const parts = new Submit('+441632960100', text).getPartStrings();
  const coded = parseInt(parts[0].slice(beforeUdl - 2, beforeUdl), 16) & 0x0c;
  return { alphabet: coded === 8 ? 'UCS2' : 'GSM_7BIT', segments: parts.length };
};

const alphabets = ['GSM_7BIT', 'DATA_8BIT', 'UCS2'];
const hex = (octet) => octet.toString(16).padStart(2, '0');
const delivered = (coding, udl, ud, hasHeader) =>
  parse(`00${hasHeader ? '44' : '04'}02812100${coding}20806291731480${hex(udl)}${ud}`);
const address = ({ phone, type: { type, plan } }) => ({ digits: phone ?? '', type, plan });

const readPdu = ({ digits: pdu, strict }) => {
  only(!strict);
  const read = parse(pdu);
  const centre = read.serviceCenterAddress;
  const smsc = centre.phone ? address(centre) : null;
  if (read instanceof Report) {
    return { smsc, type: 'SMS-STATUS-REPORT', fields: { 'TP-MR': read.reference, 'TP-ST': read.status } };
  }
  const submits = read instanceof Submit;
  const fields = { 'TP-PID': read.protocolIdentifier.getValue(), 'TP-DCS': read.dataCodingScheme.getValue() };
  fields[submits ? 'TP-DA' : 'TP-OA'] = address(read.address);
  fields.text = read.data.getText();
  return { smsc, type: submits ? 'SMS-SUBMIT' : 'SMS-DELIVER', fields };
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
    return readPdu({ digits: '00' + octets, strict });
  },
  read_pdu: readPdu,
  data_coding_scheme: ({ octet, strict }) => {
    only(!strict);
    const read = delivered(octet, 0, '', false).dataCodingScheme;
    const hasClass = read.useMessageClass || read.dataCodingAndMessageClass;
    return {
      alphabet: alphabets[read.textAlphabet],
      class: hasClass ? read.classMessage : null,
      compressed: read.compressedText,
    };
  },
  header: ({ octets, strict }) => {
    only(!strict);
    const read = delivered('04', octets.length / 2, octets, true).data.parts[0].header;
    const [type, reference] = [read.getType(), read.getPointer()];
    const concatenation = { reference, total: read.getSegments(), sequence: read.getCurrent(), wide: type === 8 };
    return { concatenation: type === undefined ? null : concatenation };
  },
  user_data: ({ udl, ud, alphabet, has_header: hasHeader, compressed, strict }) => {
    only(!strict && !compressed && alphabet !== 'DATA_8BIT');
    return { text: delivered(alphabet === 'UCS2' ? '08' : '00', udl, ud, hasHeader).data.getText() };
  },
});
