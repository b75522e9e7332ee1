// One session of node-smpp's, as a client of a port or as a server: a line of JSON for each short message that comes in,
// and a short message for each line of JSON that it is given. Octets are hexadecimal.
const smpp = require('smpp');
const lines = require('readline').createInterface({ input: process.stdin });
let count = 0;

const say = value => process.stdout.write(JSON.stringify(value) + '\n');
const shown = message => (Buffer.isBuffer(message) ? { octets: message.toString('hex') } : { text: message });

function serve(session) {
  const arrived = pdu => {
    session.send(pdu.response({ message_id: String(++count) }));
    const { data_coding, esm_class, source_addr, destination_addr, short_message } = pdu;
    const udh = Buffer.concat(short_message.udh || []).toString('hex');
    say({ data_coding, esm_class, source_addr, destination_addr, udh, ...shown(short_message.message) });
  };
  session.on('submit_sm', arrived);
  session.on('deliver_sm', arrived);
  for (const name of ['bind_transceiver', 'enquire_link', 'unbind']) {
    session.on(name, pdu => session.send(pdu.response()));
  }
  lines.on('line', line => {
    const { command, octets, text, udh, ...fields } = JSON.parse(line);
    const message = octets === undefined ? text : Buffer.from(octets, 'hex');
    const short_message = udh ? { udh: Buffer.from(udh, 'hex'), message } : message;
    session[command]({ ...fields, short_message }, () => {});
  });
}

const port = Number(process.argv[2]);
if (port) {
  const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => {
    serve(session);
    session.bind_transceiver({ system_id: 'tests', password: 'secret' }, () => say({ ready: port }));
  });
} else {
  const server = smpp.createServer(serve);
  server.listen(0, '127.0.0.1', () => say({ ready: server.address().port }));
}
