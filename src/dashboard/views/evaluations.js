// Evaluations as they run: state, progress, result; cancel, delete, report, comparison of two.
import { get, paged, patiently, post, remove } from '../lib/api.js';
import { announce, bdi, fill, h } from '../lib/dom.js';
import { count, duration, interval, percent, when } from '../lib/format.js';
import { actionButton, confirmed, empty, load, meter, moreOf, nameCells, problemBox, redraw, table } from '../lib/parts.js';
import { join, watchConnection } from '../lib/socket.js';

const Columns = [{ unseen: 'Compare' }, 'Model', 'Dataset', 'State', { name: 'Result', number: true }, { name: 'Records', number: true }, 'Asked', { unseen: 'Actions' }];
const Silence = 5000;
const Ended = ['completed', 'failed', 'cancelled'];

export function evaluations(content) {
  const jobs = new Map();
  const rows = new Map();
  const rates = new Map();
  const chosen = new Set();
  const status = h('select', { id: 'status', onchange: () => refresh() },
    ['', 'running', 'completed', 'failed', 'cancelled'].map(value => h('option', { value }, value || 'any')));
  const search = h('input', { id: 'search', type: 'search', placeholder: 'model or dataset', oninput: () => draw() });
  const compare = h('div', { class: 'toolbar-end' });
  const body = h('div', null);
  content.append(
    h('h1', null, 'Evaluations'),
    h('div', { class: 'toolbar' }, h('label', null, 'Status ', status), h('label', null, 'Find ', search), compare),
    body);

  let found = { items: [], more: null };
  let listing = null;
  const refresh = () => listing = load(body, async () => {
    found = await paged(`/api/evaluations?sort=-createdAt${status.value ? `&status=${status.value}` : ''}`);
    jobs.clear();
    found.items.forEach(take);
    draw();
  });

  // What the server says of an evaluation, and what was heard of it.
  function take(job) {
    const { live, heard, title } = jobs.get(job.id) ?? {};
    jobs.set(job.id, { live, heard, title, ...job });
  }

  function matches(job) {
    const words = search.value.toLowerCase();
    return (!status.value || job.status === status.value) && (!words || `${job.request.model} ${job.title ?? job.outcome?.dataset ?? ''}`.toLowerCase().includes(words));
  }

  function draw() {
    const shown = [...jobs.values()].filter(matches).sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
    rows.clear();
    redraw(body, () => fill(body,
      shown.length === 0
        ? empty(jobs.size === 0 && !status.value ? 'Nothing has been evaluated yet. ' : 'None is like this. ', jobs.size === 0 && !status.value && h('a', { href: '#/datasets' }, 'Drop a dataset'))
        : table('Evaluations', Columns, shown.map(job => rowOf(job))),
      moreOf(found, () => { found.items.forEach(job => jobs.has(job.id) || take(job)); draw(); })));
    drawCompare();
  }

  function rowOf(job) {
    const row = h('tr', { 'data-id': job.id });
    rows.set(job.id, row);
    return drawRow(row, job);
  }

  function drawRow(row, job) {
    const dataset = datasetOf(job);
    const done = job.status === 'completed';
    const box = h('input', {
      type: 'checkbox', 'aria-label': `Compare ${job.request.model} on ${dataset}`, disabled: !done, checked: chosen.has(job.id),
      onchange: event => { event.target.checked ? chosen.add(job.id) : chosen.delete(job.id); drawCompare(); },
    });
    const held = row.contains(document.activeElement);
    fill(row,
      h('td', null, box),
      h('th', { scope: 'row' }, bdi(job.request.model)),
      h('td', null, bdi(dataset)),
      h('td', null, stateOf(job)),
      h('td', { class: 'n' }, done ? [h('span', { class: 'big' }, percent(job.outcome.headline.value)), h('span', { class: 'small' }, `${job.outcome.metric} ${interval(job.outcome.headline)}`)] : ''),
      h('td', { class: 'n' }, count(job.outcome?.records ?? job.progress?.records)),
      h('td', null, h('time', { datetime: job.createdAt }, when(job.createdAt))),
      h('td', { class: 'actions' },
        done && h('a', { class: 'button', href: `#/report/${job.id}`, 'aria-label': `Report of ${job.request.model} on ${dataset}` }, 'Report'),
        !Ended.includes(job.status) && actionButton('Cancel', () => post(`/api/evaluations/${job.id}/cancel`).then(() => update(job.id)), { class: 'quiet', 'aria-label': `Cancel the evaluation of ${job.request.model} on ${dataset}` }),
        Ended.includes(job.status) && actionButton('Delete', () => drop(job, dataset), { class: 'quiet', 'aria-label': `Delete the evaluation of ${job.request.model} on ${dataset}` })));
    nameCells(row, Columns);
    if (held) {
      row.querySelector('td.actions :is(a, button)')?.focus();
    }

    return row;
  }

  const datasetOf = job => job.outcome?.dataset ?? job.title?.split(' on ').slice(1).join(' on ') ?? job.request.datasetId.slice(0, 8);

  // What moves while it runs; the buttons stay, and with them the focus.
  function drawProgress(row, job) {
    fill(row.children[2], bdi(datasetOf(job)));
    fill(row.children[3], stateOf(job));
    fill(row.children[5], count(job.outcome?.records ?? job.progress?.records));
  }

  function stateOf(job) {
    if (Ended.includes(job.status)) {
      return [h('span', { class: `state ${job.status}` }, job.status), job.problem && problemBox(job.problem)];
    }

    // What was heard long ago (the connection may be lost) is older than what was asked for since.
    const live = Date.now() - (job.heard ?? 0) <= Silence ? job.live : null;
    const share = live ? (live.total ? live.done / live.total : null) : job.progress?.shards ? job.progress.shardsDone / job.progress.shards : null;
    const rate = rates.get(job.id);
    const left = rate && live?.total && share > 0.02 ? (live.total - live.done) / rate : null;
    return [meter(`${live?.stage ?? job.progress?.stage ?? job.status}`, share), h('span', { class: 'small' }, `${live?.stage ?? job.progress?.stage ?? job.status}${left ? `, about ${duration(left)} left` : ''}`)];
  }

  async function drop(job, dataset) {
    if (await confirmed(`Delete the evaluation of ${job.request.model} on ${dataset}, with its report?`, 'Delete')) {
      await remove(`/api/evaluations/${job.id}`);
      jobs.delete(job.id);
      chosen.delete(job.id);
      draw();
      announce('Deleted.');
    }
  }

  function drawCompare() {
    const picked = [...chosen].filter(id => jobs.has(id));
    fill(compare, picked.length === 2
      ? actionButton('Compare these two', async () => {
        const comparison = await patiently(() => post('/api/comparisons', { a: picked[0], b: picked[1] }));
        if (!body.isConnected) {
          return;
        }

        location.hash = `#/report/${comparison.id}/comparison.html`;
      })
      : h('span', { class: 'hint' }, picked.length === 1 ? 'Choose another to compare with.' : 'Choose two to compare them.'));
  }

  async function update(id) {
    try {
      const before = jobs.get(id);
      take(await get(`/api/evaluations/${id}`, { quiet: true }));
      const now = jobs.get(id);
      if (!rows.has(id) || !matches(now)) {
        draw();
      } else if (before?.status === now.status && !Ended.includes(now.status)) {
        drawProgress(rows.get(id), now);
      } else {
        drawRow(rows.get(id), now);
      }
    } catch (problem) {
      if (problem.status === 404) {
        jobs.delete(id);
        draw();
      }
    }
  }

  // The newest, over what is shown.
  async function merge() {
    const { items } = await get('/api/evaluations?sort=-createdAt&pageSize=100', { quiet: true });
    const news = items.some(job => jobs.get(job.id)?.status !== job.status);
    items.forEach(take);
    if (news) {
      draw();
    } else {
      items.filter(job => rows.has(job.id) && !Ended.includes(job.status)).forEach(job => drawProgress(rows.get(job.id), jobs.get(job.id)));
    }

    return new Set(items.map(job => job.id));
  }

  // Progress of what is not listed: an evaluation that has just begun, or another kind of job, which is not asked for again.
  const strangers = new Set();
  const unknown = new Set();
  let discovering = false;
  async function discover(id) {
    unknown.add(id);
    if (discovering) {
      return;
    }

    discovering = true;
    try {
      while (unknown.size > 0) {
        const asked = [...unknown];
        unknown.clear();
        await merge();
        asked.filter(one => !jobs.has(one)).forEach(one => strangers.add(one));
      }
    } catch {
      // The next message asks again.
    } finally {
      discovering = false;
    }
  }

  // What is heard does not fit what is shown: it has ended, or goes on after it had.
  const settling = new Set();
  async function settle(id) {
    if (settling.has(id)) {
      return;
    }

    settling.add(id);
    await update(id);
    settling.delete(id);
    const now = jobs.get(id);
    if (now && Ended.includes(now.status)) {
      announce(`${now.request.model}: ${now.status}${now.outcome ? `, ${now.outcome.metric} ${percent(now.outcome.headline.value)}` : ''}.`);
    }
  }

  const begun = new Map();
  const leave = join('jobs', data => {
    if (data.kind !== 'progress') {
      return;
    }

    const job = jobs.get(data.jobId);
    if (!job) {
      strangers.has(data.jobId) || discover(data.jobId);
      return;
    }

    if (Ended.includes(data.stage) !== Ended.includes(job.status)) {
      settle(data.jobId);
      return;
    }

    if (Ended.includes(data.stage)) {
      return;
    }

    const first = begun.get(data.jobId);
    if (!first || first.stage !== data.stage || data.done < first.done) {
      begun.set(data.jobId, { stage: data.stage, done: data.done, at: Date.now() });
      rates.delete(data.jobId);
    } else if (Date.now() - first.at > 500) {
      rates.set(data.jobId, (data.done - first.done) / ((Date.now() - first.at) / 1000));
    }

    job.live = data;
    job.heard = Date.now();
    job.title = data.title;
    if (rows.has(data.jobId)) {
      drawProgress(rows.get(data.jobId), job);
    }
  }, catchUp);

  // What began or ended between the reading of the list and the joining: nobody may tell of it again. After the connection was lost, that may be more than the newest.
  let missed = false;
  function catchUp() {
    if (missed) {
      missed = false;
      refresh();
    } else {
      listing?.then(merge).catch(() => {
        // What it knows of is asked for again.
      });
    }
  }

  let connection = 'connecting';
  const stop = watchConnection(state => {
    missed ||= state === 'lost';
    connection = state;
  });
  // What nothing is heard of, because there is no socket or a message came before the list, is asked for.
  async function ask() {
    let asked = new Set();
    try {
      asked = connection === 'live' ? asked : await merge();
    } catch {
      // The connection's state says it.
    }

    [...jobs.values()].filter(job => !asked.has(job.id) && !Ended.includes(job.status) && Date.now() - (job.heard ?? 0) > Silence).forEach(job => update(job.id));
  }

  const timer = setInterval(ask, Silence);
  refresh();
  return () => { leave(); stop(); clearInterval(timer); };
}
