// Try a model: type a text or drop an image, and see what it says and how long that took.
import { list, modelPath, request } from '../lib/api.js';
import { bdi, fill, h } from '../lib/dom.js';
import { milliseconds, percent } from '../lib/format.js';
import { dropZone, empty, load, meter, problemBox } from '../lib/parts.js';

const Patience = 250;
const Examples = {
  'text-classification': 'Wall Street rose as oil prices fell, and the central bank kept its rates.',
  'token-classification': 'Ada Lovelace met Charles Babbage in London in 1833 .',
};

export function playground(content, [wanted]) {
  const body = h('div', null);
  content.append(h('h1', null, 'Playground'), body);
  load(body, async () => {
    const models = await list('/api/models');
    return models.length === 0 ? empty('There is no model yet.') : board(models, wanted);
  });
}

function board(models, wanted) {
  const choose = h('select', { id: 'model', onchange: () => show() }, models.map(model => h('option', { value: model.name }, `${model.name} (${model.task})`)));
  choose.value = models.some(model => model.name === wanted) ? wanted : models[0].name;
  const input = h('div', null);
  const answer = h('div', { class: 'answer', 'aria-live': 'polite', 'aria-atomic': 'true' });
  const asked = h('div', null);
  let timer = null;
  let running = null;

  const model = () => models.find(one => one.name === choose.value);

  function show() {
    // What was asked of another model is not this one's.
    clearTimeout(timer);
    running?.abort();
    fill(answer);
    fill(asked);
    if (model().task === 'image-classification') {
      const picture = h('img', { alt: '', class: 'picture', hidden: true });
      const file = h('input', { type: 'file', id: 'image', accept: 'image/*', class: 'unseen', onchange: event => take(event.target.files[0]) });
      const take = image => {
        if (image) {
          URL.revokeObjectURL(picture.src);
          picture.src = URL.createObjectURL(image);
          picture.alt = `The image ${image.name}`;
          picture.hidden = false;
          predict(image, image.type || 'image/png');
        }
      };
      fill(input, dropZone(([image]) => take(image), h('p', null, h('label', { class: 'button', for: 'image' }, 'Choose an image'), file, ' or drop it here.'), picture));
      return;
    }

    const text = h('textarea', { id: 'text', rows: 4, oninput: () => later(text.value) });
    text.value = Examples[model().task] ?? '';
    fill(input, h('label', { for: 'text' }, 'Text'), text);
    later(text.value);
  }

  function later(text) {
    clearTimeout(timer);
    timer = setTimeout(() => (text.trim() ? predict(JSON.stringify({ text, topK: 10 }), 'application/json') : fill(answer)), Patience);
  }

  // Only the newest question counts.
  async function predict(data, type) {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const path = `${modelPath(choose.value)}/predict`;
    try {
      const sent = performance.now();
      const response = await request(path + (type === 'application/json' ? '' : '?topK=10'), { method: 'POST', headers: { 'Content-Type': type }, body: data, signal: mine.signal });
      const found = await response.json();
      const took = performance.now() - sent;
      fill(answer, answerOf(found.answers[0], found, took));
      fill(asked, raw(path, data, type, found, asked.querySelector('details')?.open));
    } catch (error) {
      if (error.name !== 'AbortError') {
        fill(answer, problemBox(error));
        fill(asked);
      }
    }
  }

  show();
  return [h('div', { class: 'toolbar' }, h('label', null, 'Model ', choose)), input, answer, asked];
}

function answerOf(one, found, took) {
  if (one.error) {
    return problemBox(one.error);
  }

  return [
    one.labels && h('ol', { class: 'bars' }, one.labels.map(row => h('li', null, bdi(row.label), meter(`${row.label}: ${percent(row.probability)}`, row.probability)))),
    one.tags && h('p', { class: 'tagged' }, one.tags.map(word => [
      word.label === 'O' ? bdi(word.word) : h('mark', { class: `kind-${kind(word.label)}`, title: percent(word.probability) }, bdi(word.word), h('span', { class: 'tag' }, bdi(word.label))), ' '])),
    one.truncated && h('p', { class: 'hint' }, 'The text was cut to the model’s longest input.'),
    h('p', { class: 'timing' }, bdi(found.model), found.cached > 0 ? ', from the cache' : `: queue ${milliseconds(found.timing.queueMs)}, tokenize ${milliseconds(found.timing.tokenizeMs)}, inference ${milliseconds(found.timing.inferenceMs)}`, `; ${milliseconds(took)} there and back`),
  ];
}

// A tag's type picks one of six colours.
function kind(label) {
  let sum = 0;
  for (const character of label.replace(/^[BIES]-/, '')) {
    sum = (sum * 31 + character.codePointAt(0)) % 6;
  }

  return sum;
}

function raw(path, data, type, found, open) {
  const quoted = typeof data === 'string' ? `-H 'Content-Type: ${type}' -d '${data.replaceAll("'", "'\\''")}'` : `-H 'Content-Type: ${type}' --data-binary @image`;
  const curl = `curl ${quoted} ${location.origin}${path}`;
  const copy = h('button', { type: 'button', class: 'quiet', onclick: async () => { await navigator.clipboard.writeText(curl); copy.textContent = 'Copied'; } }, 'Copy');
  return h('details', { open }, h('summary', null, 'As a request'), h('pre', { tabindex: 0 }, curl), copy, h('pre', { tabindex: 0 }, JSON.stringify(found, null, 2)));
}
