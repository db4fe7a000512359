// Models with their versions and what was measured of them.
import { modelPath, paged, post, remove, send } from '../lib/api.js';
import { announce, bdi, fill, h } from '../lib/dom.js';
import { bytes, count, interval, percent, when } from '../lib/format.js';
import { actionButton, confirmed, dropZone, empty, load, meter, moreOf, problemBox, redraw, table } from '../lib/parts.js';
import { uploadList } from '../lib/uploads.js';

const sending = uploadList();
let refreshShown = null;

async function add(file) {
  const line = sending.add(file.name);
  const show = done => line.show(done < file.size
    ? [meter(`Upload of ${file.name}`, done / file.size), h('span', { class: 'small' }, `${bytes(done)} of ${bytes(file.size)}`)]
    : 'is being checked …');
  show(0);
  try {
    const response = await send('/api/models?activate=true', file, 'application/zip', show);
    const { name, version } = await response.json();
    line.end(h('span', { class: 'state completed' }, response.status === 201 ? 'registered' : 'known already'), bdi(`${name} ${version}`));
    announce(`${name} ${version} is registered.`);
    refreshShown?.();
  } catch (problem) {
    line.end(problemBox(problem));
  }
}

export function models(content) {
  const least = h('input', { id: 'least', type: 'number', min: 0, max: 100, step: 1, placeholder: '0', onchange: () => refresh() });
  const task = h('select', { id: 'task', onchange: () => refresh() },
    ['', 'text-classification', 'token-classification', 'image-classification'].map(value => h('option', { value }, value || 'any')));
  const files = h('input', { type: 'file', id: 'zips', accept: '.zip,application/zip', multiple: true, class: 'unseen', onchange: event => take(event.target.files) });
  const zone = dropZone(take, h('p', null, h('label', { class: 'button', for: 'zips' }, 'Choose a model'), files, ' or drop it here.'),
    h('p', { class: 'hint' }, 'A zip of its folder: model.onnx, its tokenizer or labels, and a model-card.json if there is one. It is promoted at once.'));
  const body = h('div', null);
  content.append(
    h('h1', null, 'Models'),
    zone,
    sending.element,
    h('div', { class: 'toolbar' }, h('label', null, 'Task ', task), h('label', null, 'Average accuracy at least, % ', least)),
    body);

  const refresh = () => load(body, async () => {
    const query = new URLSearchParams();
    task.value && query.set('task', task.value);
    Number(least.value) > 0 && query.set('minAccuracy', String(Number(least.value) / 100));
    return all(await paged(`/api/models?${query}`));
  });

  const all = found => (found.items.length === 0
    ? empty('No model is like this. Add one with “aia models add PATH”.')
    : [found.items.map(card), moreOf(found, () => redraw(body, () => fill(body, all(found))))]);

  function take(chosen) {
    for (const file of [...chosen]) {
      add(file);
    }

    files.value = '';
  }

  function card(model) {
    return h('section', { class: 'card', 'aria-label': model.name },
      h('div', { class: 'card-head' },
        h('h2', null, bdi(model.name)),
        h('p', { class: 'tags' }, h('span', { class: 'tag' }, model.task), h('span', { class: 'hint' }, `${model.labels.length} labels: `, bdi(model.labels.slice(0, 8).join(', ') + (model.labels.length > 8 ? ', …' : ''))))),
      table(`Versions of ${model.name}`, ['Version', { name: 'Measured', number: true }, { name: 'Evaluations', number: true }, { name: 'Size', number: true }, { name: 'Weights', number: true }, 'Registered', { unseen: 'Actions' }],
        model.versions.map(version => row(model, version))),
      h('div', { class: 'actions' },
        h('a', { class: 'button', href: `#/playground/${encodeURIComponent(model.name)}`, 'aria-label': `Try ${model.name}` }, 'Try it'),
        actionButton('Delete the model', async () => {
          if (await confirmed(`Delete ${model.name} with all its versions? Evaluations stay.`, 'Delete')) {
            await remove(modelPath(model.name));
            announce(`${model.name} is deleted.`);
            refresh();
          }
        }, { class: 'quiet', 'aria-label': `Delete the model ${model.name}` })));
  }

  function row(model, version) {
    const quality = version.quality;
    return h('tr', null,
      h('th', { scope: 'row' }, bdi(version.version), version.active && h('span', { class: 'state completed' }, 'active'), version.gate && version.gate !== 'accepted' && h('span', { class: 'state failed' }, version.gate),
        version.lineage && h('span', { class: 'small' }, bdi(`${version.lineage.pass} of ${version.lineage.derivedFrom}`)),
        version.description && h('span', { class: 'small' }, bdi(version.description))),
      h('td', { class: 'n' }, quality ? [h('span', { class: 'big' }, percent(quality.accuracy)), h('span', { class: 'small' }, `${quality.metric} ${interval(quality)}`)] : h('span', { class: 'hint' }, 'not yet')),
      h('td', { class: 'n' }, count(quality?.evaluations ?? 0)),
      h('td', { class: 'n' }, bytes(version.sizeBytes)),
      h('td', { class: 'n' }, count(version.parameters)),
      h('td', null, when(version.registeredAt)),
      h('td', { class: 'actions' },
        !version.active && (version.gate ?? 'accepted') === 'accepted' && actionButton('Promote', async () => {
          await post(`${modelPath(model.name, version.version)}/promote`);
          announce(`${model.name} now stands for ${version.version}.`);
          refresh();
        }, { class: 'quiet', 'aria-label': `Promote ${model.name} ${version.version}` }),
        !version.active && actionButton('Delete', async () => {
          if (await confirmed(`Delete ${model.name} ${version.version}?`, 'Delete')) {
            await remove(modelPath(model.name, version.version));
            announce(`${model.name} ${version.version} is deleted.`);
            refresh();
          }
        }, { class: 'quiet', 'aria-label': `Delete ${model.name} ${version.version}` })));
  }

  refreshShown = refresh;
  refresh();
  return () => {
    refreshShown = null;
    sending.seen();
  };
}
