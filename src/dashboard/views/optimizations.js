// Optimizations as they run: state, progress, what the gate said; cancel, delete, report.
import { get, list, post, remove } from '../lib/api.js';
import { announce, bdi, h } from '../lib/dom.js';
import { when } from '../lib/format.js';
import { actionButton, confirmed, empty, load, meter, problemBox, table } from '../lib/parts.js';
import { join } from '../lib/socket.js';

const Columns = ['Model', 'Pass', 'State', { name: 'Size', number: true }, { name: 'Speed', number: true }, 'Asked', { unseen: 'Actions' }];
const Silence = 5000;
const Ended = ['completed', 'failed', 'cancelled'];

export function optimizations(content) {
  const jobs = new Map();
  const body = h('div', null);
  content.append(
    h('h1', null, 'Optimizations'),
    h('p', { class: 'hint' }, 'Quantized, pruned and distilled versions, each judged on a gate dataset. Start one with “aia optimize” or POST /api/optimizations.'),
    body);

  const refresh = () => load(body, async () => {
    const found = await list('/api/optimizations?sort=-createdAt');
    jobs.clear();
    found.forEach(job => jobs.set(job.id, job));
    return shown();
  });

  const shown = () => jobs.size === 0 ? empty('Nothing has been optimized yet.') : table('Optimizations', Columns, [...jobs.values()].map(row));

  // What had the focus has it again after the table was drawn anew.
  function draw() {
    const held = body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    body.replaceChildren(shown());
    held && [...body.querySelectorAll('[aria-label]')].find(one => one.getAttribute('aria-label') === held)?.focus();
  }

  function row(job) {
    const { outcome } = job;
    const times = value => `× ${value.toFixed(2)}`;
    const what = `${job.request.pass.kind} of ${job.request.model}`;
    return h('tr', { 'data-id': job.id },
      h('th', { scope: 'row' }, bdi(job.request.model), outcome && h('span', { class: 'small' }, bdi(outcome.candidate))),
      h('td', null, bdi(outcome?.pass ?? job.request.pass.kind)),
      h('td', null, stateOf(job)),
      h('td', { class: 'n' }, outcome ? times(outcome.after.sizeBytes / outcome.before.sizeBytes) : ''),
      h('td', { class: 'n' }, outcome?.after.batches.length ? times(outcome.before.batches[0].p50Milliseconds / outcome.after.batches[0].p50Milliseconds) : ''),
      h('td', null, h('time', { datetime: job.createdAt }, when(job.createdAt))),
      h('td', { class: 'actions' },
        outcome && h('a', { class: 'button', href: `#/report/${job.id}/optimization.html`, 'aria-label': `Report of the ${what}` }, 'Report'),
        !Ended.includes(job.status) && actionButton('Cancel', () => post(`/api/optimizations/${job.id}/cancel`).then(() => update(job.id)), { class: 'quiet', 'aria-label': `Cancel the ${what}` }),
        Ended.includes(job.status) && actionButton('Delete', () => drop(job, what), { class: 'quiet', 'aria-label': `Delete the ${what}` })));
  }

  function stateOf(job) {
    if (job.outcome) {
      return [h('span', { class: `state ${job.outcome.accepted ? 'completed' : 'failed'}` }, job.outcome.accepted ? 'accepted' : 'refused'), h('span', { class: 'small' }, bdi(job.outcome.verdict))];
    }

    if (Ended.includes(job.status)) {
      return [h('span', { class: `state ${job.status}` }, job.status), job.problem && problemBox(job.problem)];
    }

    const stage = job.live?.stage ?? job.progress?.stage ?? job.status;
    const { done, total } = job.live ?? job.progress ?? {};
    return [meter(stage, total ? done / total : null), h('span', { class: 'small' }, bdi(stage))];
  }

  async function drop(job, what) {
    if (await confirmed(`Delete the ${what}, with its report? The version that it made stays.`, 'Delete')) {
      await remove(`/api/optimizations/${job.id}`);
      jobs.delete(job.id);
      draw();
      announce('Deleted.');
    }
  }

  async function update(id) {
    try {
      const job = await get(`/api/optimizations/${id}`, { quiet: true });
      jobs.set(id, job);
      draw();
      job.outcome && announce(`${job.request.pass.kind} of ${job.request.model}: ${job.outcome.accepted ? 'accepted' : 'refused'}.`);
    } catch (problem) {
      if (problem.status === 404) {
        jobs.delete(id);
        draw();
      }
    }
  }

  const leave = join('jobs', data => {
    const job = jobs.get(data.jobId);
    if (data.kind !== 'progress' || !job) {
      return;
    }

    job.heard = Date.now();
    if (Ended.includes(data.stage)) {
      !Ended.includes(job.status) && update(data.jobId);
      return;
    }

    job.live = data;
    draw();
  });
  // What nothing is heard of is asked for; so are new ones, of which only the list tells.
  const timer = setInterval(async () => {
    const waiting = [...jobs.values()].filter(job => !Ended.includes(job.status) && Date.now() - (job.heard ?? 0) > Silence);
    waiting.forEach(job => update(job.id));
    try {
      const { items } = await get('/api/optimizations?sort=-createdAt&pageSize=20', { quiet: true });
      if (items.some(job => !jobs.has(job.id))) {
        refresh();
      }
    } catch {
      // The next tick asks again.
    }
  }, Silence);
  refresh();
  return () => { leave(); clearInterval(timer); };
}
