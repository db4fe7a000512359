// Datasets: drop them in, look through them, evaluate them.
import { get, list, paged, patiently, post, remove } from '../lib/api.js';
import { announce, bdi, fill, h } from '../lib/dom.js';
import { bytes, count, percent, when } from '../lib/format.js';
import { actionButton, confirmed, dropZone, empty, load, meter, moreOf, problemBox, redraw, table } from '../lib/parts.js';
import { upload } from '../lib/upload.js';
import { uploadList } from '../lib/uploads.js';

const exampleOf = sample => (sample.words ? sample.words.join(' ') : sample.text !== undefined ? [sample.text, sample.pair].filter(Boolean).join(' / ') : `an image of ${bytes(sample.imageBytes)}`);

const sending = uploadList();
let refreshShown = null;

async function sendOne(file, evaluate) {
  const stopping = new AbortController();
  const line = sending.add(file.name);
  const stop = actionButton('Stop', async () => stopping.abort(), { class: 'quiet', 'aria-label': `Stop the upload of ${file.name}` });
  const bar = h('span', null);
  const show = done => fill(bar, done < file.size
    ? [meter(`Upload of ${file.name}`, done / file.size), h('span', { class: 'small' }, `${bytes(done)} of ${bytes(file.size)}`)]
    : 'is being registered …');
  line.show(bar, ' ', stop);
  show(0);
  try {
    const state = await upload(file, evaluate, show, stopping.signal);
    if (state.state === 'refused' || state.problem) {
      throw state.problem ?? { message: 'It was refused.', code: 'dataset-refused' };
    }

    const begun = state.evaluations?.length ?? 0;
    line.end(h('span', { class: 'state completed' }, 'taken in'), begun > 0 && [' ', h('a', { href: '#/evaluations' }, begun === 1 ? '1 evaluation began' : `${begun} evaluations began`)]);
    announce(`${file.name} is taken in${begun ? `, ${begun} evaluations began` : ''}.`);
    refreshShown?.();
  } catch (problem) {
    line.end(problem.name === 'AbortError' ? h('span', { class: 'state cancelled' }, 'stopped') : problemBox(problem));
  }
}

export function datasets(content) {
  const evaluate = h('input', { type: 'checkbox', id: 'evaluate', checked: true });
  const files = h('input', { type: 'file', id: 'files', multiple: true, class: 'unseen', onchange: event => send([...event.target.files]) });
  const zone = dropZone(send,
    h('p', null, h('label', { class: 'button', for: 'files' }, 'Choose files'), files, ' or drop them here.'),
    h('p', { class: 'hint' }, 'CSV, TSV, JSON Lines, Parquet, CoNLL, image zips, CIFAR-10, IMDB; also .gz and .zst.'),
    h('p', null, h('label', null, evaluate, ' Evaluate every fitting model on it')));
  const body = h('div', null);
  content.append(h('h1', null, 'Datasets'), zone, sending.element, body);

  function send(chosen) {
    for (const file of chosen) {
      sendOne(file, evaluate.checked);
    }

    files.value = '';
  }

  const refresh = () => load(body, async () => {
    const [found, models] = await Promise.all([paged('/api/datasets'), list('/api/models')]);
    return all(found, models);
  });

  const all = (found, models) => (found.items.length === 0
    ? empty('There is no dataset yet.')
    : [
      table('Datasets', ['Dataset', 'Task', 'Format', { name: 'Size', number: true }, 'Taken in', { unseen: 'Actions' }], found.items.map(dataset => row(dataset, models))),
      moreOf(found, () => redraw(body, () => fill(body, all(found, models)))),
    ]);

  function row(dataset, models) {
    const fitting = models.filter(model => model.task === dataset.description.task);
    const model = h('select', { 'aria-label': `Model for ${dataset.name}` }, fitting.map(one => h('option', { value: one.name }, one.name)));
    return h('tr', null,
      h('th', { scope: 'row' }, bdi(dataset.name), h('span', { class: 'small' }, dataset.id.slice(0, 12))),
      h('td', null, dataset.description.task),
      h('td', null, dataset.description.format),
      h('td', { class: 'n' }, bytes(dataset.sizeBytes)),
      h('td', null, when(dataset.registeredAt)),
      h('td', { class: 'actions' },
        fitting.length > 0 && [model, actionButton('Evaluate', async () => {
          await post('/api/evaluations', { model: model.value, dataset: dataset.id });
          location.hash = '#/evaluations';
        }, { 'aria-label': `Evaluate a model on ${dataset.name}` })],
        actionButton('Inspect', () => inspect(dataset), { class: 'quiet', 'aria-label': `Inspect ${dataset.name}` }),
        actionButton('Delete', async () => {
          if (await confirmed(`Delete ${dataset.name} with its bytes? Evaluations made of it stay.`, 'Delete')) {
            await remove(`/api/datasets/${dataset.id}`);
            announce(`${dataset.name} is deleted.`);
            refresh();
          }
        }, { class: 'quiet', 'aria-label': `Delete ${dataset.name}` })));
  }

  async function inspect(dataset) {
    const found = await patiently(() => get(`/api/datasets/${dataset.id}/inspection`));
    if (!body.isConnected) {
      return;
    }

    const dialog = h('dialog', { class: 'wide', 'aria-labelledby': 'inspected' },
      h('h2', { id: 'inspected' }, bdi(dataset.name)),
      h('p', null, `${count(found.records)} records, ${count(found.bad)} bad, ${count(found.unlabelled)} without a label; ${found.task}, ${found.format}.`),
      found.lengths && h('p', { class: 'hint' }, `Length in ${found.lengths.unit}: median ${count(found.lengths.p50)}, 95 % up to ${count(found.lengths.p95)}, longest ${count(found.lengths.max)}.`),
      found.labels?.length > 0 && table('Labels', ['Label', { name: 'Records', number: true }, { name: 'Share', number: true }],
        found.labels.slice(0, 50).map(one => h('tr', null, h('th', { scope: 'row' }, bdi(one.label)), h('td', { class: 'n' }, count(one.count)), h('td', { class: 'n' }, percent(one.count / Math.max(1, found.records)))))),
      found.firstErrors?.length > 0 && [h('h3', null, 'Bad records'), h('ul', null, found.firstErrors.slice(0, 20).map(error => h('li', null, bdi(`${error.message} [${error.code}]`))))],
      found.samples?.length > 0 && [h('h3', null, 'Examples'), h('ul', { class: 'examples' }, found.samples.slice(0, 8).map(sample => h('li', null, sample.label && h('span', { class: 'tag' }, bdi(sample.label)), ' ', bdi(exampleOf(sample)))))],
      h('form', { method: 'dialog', class: 'actions' }, h('button', null, 'Close')));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  refreshShown = refresh;
  refresh();
  return () => {
    refreshShown = null;
    sending.seen();
  };
}
