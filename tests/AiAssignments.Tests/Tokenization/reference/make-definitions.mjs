// Makes the small tokenizers of ../definitions from the project's own lines: WordPiece and byte-level BPE vocabularies of a few
// hundred tokens, and tokenizers whose tokens are single bytes, which show everything that normalizing and splitting do.
//
//   node make-definitions.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const t = createRequire(import.meta.url)('tokenizers');
const folder = new URL('../', import.meta.url);
const text = readFileSync(new URL('corpus/lines.txt', folder), 'utf8');

// Pair merging over words, most frequent pair first; ties by the pair's text, so that the result is always the same.
function train(words, prefix, merges) {
  const table = [...words].map(([word, count]) => ({ count, parts: [...word].map((c, i) => (i > 0 ? prefix + c : c)) }));
  const done = [];
  while (done.length < merges) {
    const pairs = new Map();
    for (const { parts, count } of table) {
      for (let i = 0; i + 1 < parts.length; i++) {
        const key = parts[i] + ' ' + parts[i + 1];
        pairs.set(key, (pairs.get(key) ?? 0) + count);
      }
    }

    const best = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (!best || best[1] < 2) {
      break;
    }

    const [left, right] = best[0].split(' ');
    done.push([left, right]);
    for (const row of table) {
      for (let i = 0; i + 1 < row.parts.length; i++) {
        if (row.parts[i] === left && row.parts[i + 1] === right) {
          row.parts.splice(i, 2, left + right.slice(prefix.length));
        }
      }
    }
  }

  return done;
}

function count(preTokenizer, normalizer) {
  const words = new Map();
  for (const line of text.split('\n')) {
    const normalized = normalizer ? normalizer.normalizeString(line) : line;
    for (const [word] of preTokenizer.preTokenizeString(normalized)) {
      words.set(word, (words.get(word) ?? 0) + 1);
    }
  }

  return words;
}

const ids = tokens => Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));

function wordPiece(normalizer, specials) {
  const words = count(t.bertPreTokenizer(), normalizer);
  const letters = new Set([...words.keys()].flatMap(word => [...word]));
  for (const rare of ['豈', 'ẛ', '𒀀', '☃', '۩', 'ű']) {
    letters.delete(rare);
  }

  const pieces = [...letters].sort();
  const merges = train(words, '##', 500);
  return ids([...specials, ...pieces, ...pieces.map(c => '##' + c), ...merges.map(([a, b]) => a + b.slice(2))]);
}

const alphabet = [...t.byteLevelAlphabet()].sort();
const merges = train(count(t.byteLevelPreTokenizer(false, true)), '', 700);
const bpe = (specials, extra = []) => ids([...specials, ...alphabet, ...merges.map(([a, b]) => a + b), ...extra]);
const bytes = { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false };
const bytesOnly = { ...bytes, vocab: ids(alphabet), merges: [] };
const added = (id, content, flags = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...flags });
const bert = (uncased, accents) => ({ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: accents, lowercase: uncased });
const byteLevel = (prefix, trim, regex) => ({ type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: trim, use_regex: regex });

function write(name, parts) {
  const definition = { version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts };
  writeFileSync(new URL(`definitions/${name}.json`, folder), JSON.stringify(definition) + '\n');
}

const sequence = (id, type) => ({ Sequence: { id, type_id: type } });
const special = (id, type) => ({ SpecialToken: { id, type_id: type } });
const template = vocab => ({
  type: 'TemplateProcessing',
  single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
  pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
  special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(token => [token, { id: token, ids: [vocab[token]], tokens: [token] }])),
});

const bertSpecials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const uncased = wordPiece(t.bertNormalizer(), bertSpecials);
write('bert-uncased', {
  added_tokens: bertSpecials.map((token, id) => added(id, token)),
  normalizer: bert(true, null),
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: template(uncased),
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: uncased },
});

const cased = wordPiece(t.bertNormalizer({ lowercase: false, stripAccents: false }), bertSpecials);
const size = Object.keys(cased).length;
write('wordpiece-cased', {
  added_tokens: [
    ...bertSpecials.map((token, id) => added(id, token, token === '[MASK]' ? { lstrip: true } : token === '[PAD]' ? { rstrip: true } : {})),
    added(size, 'keepword', { single_word: true, special: false, normalized: true }),
    added(size + 1, 'New York', { special: false, normalized: true, lstrip: true, rstrip: true }),
    added(size + 2, 'New', { special: false, normalized: true, single_word: true, rstrip: true }),
    added(size + 3, '漢字', { special: false, normalized: true }),
  ],
  normalizer: bert(false, false),
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 20, vocab: cased },
});

const robertaSpecials = ['<s>', '<pad>', '</s>', '<unk>'];
const roberta = bpe(robertaSpecials, ['<mask>']);
const robertaAdded = [...robertaSpecials.map((token, id) => added(id, token, { normalized: true })), added(roberta['<mask>'], '<mask>', { lstrip: true })];
const joined = merges.map(([a, b]) => a + ' ' + b);
for (const prefix of [false, true]) {
  write(prefix ? 'roberta-prefix' : 'roberta', {
    added_tokens: robertaAdded,
    pre_tokenizer: byteLevel(prefix, true, true),
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: prefix },
    model: { ...bytes, vocab: roberta, merges: joined },
  });
}

const gpt2 = bpe([], ['<|endoftext|>']);
write('gpt2', {
  added_tokens: [added(gpt2['<|endoftext|>'], '<|endoftext|>')],
  pre_tokenizer: byteLevel(false, true, true),
  post_processor: byteLevel(true, false, true),
  model: { ...bytes, ignore_merges: true, vocab: gpt2, merges },
});

write('bytes-bert', {
  normalizer: bert(true, null),
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'BertPreTokenizer' }, byteLevel(false, true, false)] },
  model: bytesOnly,
});
write('bytes-nfkc', {
  added_tokens: [added(256, 'ﬁn', { normalized: true, special: false }), added(257, 'Ⅷ', { normalized: false, special: false, rstrip: true })],
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }, { type: 'Replace', pattern: { String: '--' }, content: 'dash' }, { type: 'Strip', strip_left: true, strip_right: false }] },
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, byteLevel(true, true, false)] },
  post_processor: byteLevel(true, true, true),
  model: bytesOnly,
});
write('bytes-nfd', {
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] },
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Whitespace' }, byteLevel(false, true, false)] },
  post_processor: { type: 'Sequence', processors: [byteLevel(false, true, true), { ...template({ '[CLS]': 0, '[SEP]': 1 }) }] },
  model: bytesOnly,
});
write('bytes-nfc', {
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Strip', strip_left: true, strip_right: true }] },
  pre_tokenizer: byteLevel(false, true, true),
  model: bytesOnly,
});
write('bytes-nfkd', {
  normalizer: { type: 'NFKD' },
  pre_tokenizer: byteLevel(false, true, false),
  model: bytesOnly,
});
