// Measures, one code point at a time, how the reference classifies, folds and decomposes characters, and writes the
// tables that src/AiAssignments.Inference carries. The reference links several Unicode versions (its normalization
// is older than its regular expressions), so no single release of the Unicode Character Database gives these facts.
//
//   node unicode-tables.mjs > ../../../../src/AiAssignments.Inference/Tokenization/Unicode/unicode-tables.txt
import { createRequire } from 'node:module';

const t = createRequire(import.meta.url)('tokenizers');

const clean = t.bertNormalizer({ cleanText: true, handleChineseChars: false, stripAccents: false, lowercase: false });
const chinese = t.bertNormalizer({ cleanText: false, handleChineseChars: true, stripAccents: false, lowercase: false });
const accents = t.bertNormalizer({ cleanText: false, handleChineseChars: false, stripAccents: true, lowercase: false });
const marks = t.stripAccentsNormalizer();
const lower = t.lowercase();
const [nfd, nfkd, nfc] = [t.nfdNormalizer(), t.nfkdNormalizer(), t.nfcNormalizer()];
const bert = t.bertPreTokenizer();
const bytes = t.byteLevelPreTokenizer(false, true);
const whitespace = t.whitespacePreTokenizer();
const split = t.whitespaceSplitPreTokenizer();
const pieces = (preTokenizer, text) => preTokenizer.preTokenizeString(text).length;

const sets = {
  white_space: c => pieces(split, 'a' + c + 'a') === 2,
  bert_removed: c => clean.normalizeString('a' + c + 'b') === 'ab',
  bert_space: c => c !== ' ' && clean.normalizeString('a' + c + 'b') === 'a b',
  bert_chinese: c => chinese.normalizeString(c) === ' ' + c + ' ',
  bert_punctuation: c => pieces(bert, 'a' + c + 'a') === 3,
  nonspacing_mark: c => accents.normalizeString('a' + c) === 'a' && nfd.normalizeString(c) === c,
  combining_mark: c => marks.normalizeString('a' + c) === 'a',
  regex_letter: c => pieces(bytes, 'a' + c + 'a') === 1,
  regex_number: c => pieces(bytes, '1' + c + '1') === 1,
  regex_space: c => pieces(bytes, '!' + c + '!') !== 1 && pieces(bytes, 'a' + c + 'a') !== 1 && pieces(bytes, '1' + c + '1') !== 1,
  word: c => pieces(whitespace, 'a' + c + 'a') === 1,
  word_space: c => pieces(whitespace, 'a' + c + 'a') === 2,
};

const scalars = [];
for (let c = 0; c < 0x110000; c++) {
  if (c < 0xd800 || c > 0xdfff) {
    scalars.push(c);
  }
}

const hex = c => c.toString(16).toUpperCase();
const points = text => [...text].map(c => hex(c.codePointAt(0))).join(' ');
const lines = [
  "# Character facts as Hugging Face's tokenizers 0.23.2 (npm) sees them, measured by",
  '# tests/AiAssignments.Tests/Tokenization/reference/unicode-tables.mjs. Do not edit; run it again.',
];

for (const [name, contains] of Object.entries(sets)) {
  const ranges = [];
  for (const c of scalars) {
    if (contains(String.fromCodePoint(c))) {
      const last = ranges.at(-1);
      if (last && last[1] === c - 1) {
        last[1] = c;
      } else {
        ranges.push([c, c]);
      }
    }
  }

  lines.push(`[set ${name}]`, ...ranges.map(([a, b]) => (a === b ? hex(a) : hex(a) + '-' + hex(b))));
}

// A mark's canonical combining class matters only relative to others: its rank is one more than the number of
// distinct classes below it, found by sorting all marks with the reference's own canonical ordering.
const swaps = (a, b) => nfd.normalizeString(a + b) !== a + b;
const candidates = scalars.map(c => String.fromCodePoint(c)).filter(c => nfd.normalizeString(c) === c && swaps(c, '\u0334') !== swaps('\u0345', c));
const reordered = scalars.map(c => String.fromCodePoint(c)).filter(c => nfd.normalizeString(c) === c && (swaps(c, '\u0334') || swaps('\u0345', c)));
reordered.sort((a, b) => (swaps(a, b) ? 1 : swaps(b, a) ? -1 : a.codePointAt(0) - b.codePointAt(0)));
const ranks = new Map();
let rank = 0;
reordered.forEach((c, i) => {
  if (i === 0 || swaps(c, reordered[i - 1])) {
    rank++;
  }

  ranks.set(c, rank);
});
if (candidates.some(c => !ranks.has(c))) {
  throw new Error('a mark has no rank');
}

lines.push('[combining rank]', ...[...ranks].sort((a, b) => a[0].codePointAt(0) - b[0].codePointAt(0)).map(([c, r]) => `${points(c)}=${r}`));

const hangul = c => c >= 0xac00 && c <= 0xd7a3;
const mapping = (name, map) => {
  lines.push(`[map ${name}]`);
  for (const c of scalars) {
    const from = String.fromCodePoint(c);
    const to = map(from, c);
    if (to !== from) {
      lines.push(`${hex(c)}=${points(to)}`);
    }
  }
};

mapping('lower', c => lower.normalizeString(c));
mapping('canonical', (c, code) => (hangul(code) ? c : nfd.normalizeString(c)));
mapping('compatibility', (c, code) => (hangul(code) || nfkd.normalizeString(c) === nfd.normalizeString(c) ? c : nfkd.normalizeString(c)));

lines.push('[pairs compose]');
for (const c of scalars) {
  const from = String.fromCodePoint(c);
  const full = nfd.normalizeString(from);
  if (full !== from && !hangul(c) && nfc.normalizeString(full) === from) {
    const parts = [...full];
    const last = parts.pop();
    lines.push(`${points(nfc.normalizeString(parts.join('')))} ${points(last)}=${hex(c)}`);
  }
}

process.stdout.write(lines.join('\n') + '\n');
