// What adapters for Node.js share: lines of JSON in and out, an operation to a function.
class NotOffered extends Error {}

exports.only = (fits) => {
  if (!fits) throw new NotOffered();
};

exports.serve = (operations) => {
  const lines = require('readline').createInterface({ input: process.stdin });
  console.log = console.error; // what a library prints is not an answer
  lines.on('line', (line) => {
    const { id, operation, ...request } = JSON.parse(line);
    let answer;
    try {
      answer = Object.hasOwn(operations, operation) ? operations[operation](request) : { offered: false };
    } catch (error) {
      answer = error instanceof NotOffered ? { offered: false } : { refused: String(error).slice(0, 200) };
    }
    process.stdout.write(JSON.stringify({ id, ...answer }) + '\n');
  });
};
