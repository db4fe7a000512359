// Encodes with the reference. Standard input holds JSON lines: the first is {"tokenizer": path, "hash": bool, "truncation": {...} or absent},
// each further one {"text", "pair"?} or {"words"}. Writes for each one a line: the encoding as JSON, or, with "hash", the hash of it.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Tokenizer, mergeEncodings } = createRequire(import.meta.url)('tokenizers');

// Two FNV-1a hashes over 32-bit numbers; the tests compute the same.
function hash(lists) {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const list of lists) {
    for (const number of [list.length, ...list]) {
      a = Math.imul(a ^ number, 0x01000193);
      b = Math.imul(b ^ number, 0x85ebca6b);
      b ^= b >>> 15;
    }
  }

  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

let tokenizer;
let setup;
let queue = [];
let bare;

// The binding does not take words, so what the library does with them is done from outside: each word is encoded by itself,
// without the post-processor, their encodings are joined, and the whole is post-processed.
async function encodeWords(input) {
  const words = await bare.encodeBatch(input.words);
  const encoding = tokenizer.postProcess(mergeEncodings(words, false));
  const owners = words.flatMap((word, i) => new Array(word.getLength()).fill(i));
  input.wordIds = encoding.getWordIds().map(word => (word === null || word === undefined ? -1 : owners.shift()));
  return encoding;
}

async function flush() {
  const out = [];
  const plain = queue.filter(input => !input.words && input.pair === undefined);
  const encodings = plain.length === 0 ? [] : await tokenizer.encodeBatch(plain.map(input => input.text));
  encodings.forEach((encoding, i) => (plain[i].encoding = encoding));
  for (const input of queue) {
    if (input.words) {
      input.encoding = await encodeWords(input);
    } else if (input.pair !== undefined) {
      input.encoding = await tokenizer.encode(input.text, input.pair);
    }
  }

  for (const { encoding, wordIds } of queue) {
    const offsets = encoding.getOffsets();
    const lists = [
      encoding.getIds(),
      offsets.map(o => o[0]),
      offsets.map(o => o[1]),
      wordIds ?? encoding.getWordIds().map(word => word ?? -1),
      encoding.getTypeIds(),
    ];
    out.push(setup.hash ? hash(lists) : JSON.stringify(lists));
  }

  queue = [];
  if (out.length > 0) {
    process.stdout.write(out.join('\n') + '\n');
  }
}

for await (const line of createInterface({ input: process.argv[2] ? createReadStream(process.argv[2]) : process.stdin })) {
  const input = JSON.parse(line);
  if (!tokenizer) {
    setup = input;
    tokenizer = Tokenizer.fromFile(setup.tokenizer);
    bare = Tokenizer.fromString(JSON.stringify({ ...JSON.parse(readFileSync(setup.tokenizer, 'utf8')), post_processor: null, truncation: null, padding: null }));
    tokenizer.disablePadding();
    tokenizer.disableTruncation();
    if (setup.truncation) {
      tokenizer.setTruncation(setup.truncation.maxLength, setup.truncation);
    }

    continue;
  }

  queue.push(input);
  if (queue.length === 512) {
    await flush();
  }
}

await flush();
