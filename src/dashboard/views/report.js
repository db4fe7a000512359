// One report, shown as the file it is: in a frame that runs nothing.
import { get, request } from '../lib/api.js';
import { bdi, h } from '../lib/dom.js';
import { currentKey } from '../lib/keys.js';
import { empty, load } from '../lib/parts.js';

const Kinds = { 'report.html': ['Report', 'evaluations'], 'comparison.html': ['Comparison', 'comparisons'], 'optimization.html': ['Optimization', 'optimizations'] };
const Formats = { report: 'HTML', markdown: 'Markdown', json: 'JSON', csv: 'predictions as CSV', parquet: 'predictions as Parquet' };

export function report(content, [id, file = 'report.html']) {
  const body = h('div', null);
  const [kind, api] = Kinds[file] ?? Kinds['report.html'];
  content.append(h('h1', null, kind), body);
  let handed = null;
  load(body, async () => {
    const about = await get(`/api/${api}/${encodeURIComponent(id)}`);
    const title = about.outcome?.candidate ? `${about.outcome.candidate} made from ${about.outcome.model}, judged on ${about.outcome.dataset}` : about.outcome ? `${about.outcome.model} on ${about.outcome.dataset}` : about.modelA ? `${about.modelB} against ${about.modelA} on ${about.dataset}` : id;
    if (!about.links.report) {
      return [h('p', { class: 'lead' }, bdi(title)), empty(`There is no report: it is ${about.status}.`)];
    }

    // A frame cannot send a key: with one, the file is fetched and handed to the frame. The page's policy lets its style through,
    // as the report's own does. Links within it lead nowhere in a blob of another origin, so its origin is this one; that it runs nothing stays.
    if (currentKey()) {
      URL.revokeObjectURL(handed);
      handed = URL.createObjectURL(new Blob([await (await request(about.links.report)).arrayBuffer()], { type: 'text/html; charset=utf-8' }));
    }

    return [
      h('p', { class: 'lead' }, bdi(title)),
      h('p', { class: 'formats' }, Object.entries(Formats).filter(([name]) => about.links[name]).map(([name, words]) => h('a', {
        class: 'button quiet', href: about.links[name], target: '_blank', rel: 'noopener', download: name === 'report' ? null : '',
        onclick: event => open(event, about.links[name], name),
      }, words))),
      h('iframe', { class: 'report', title, sandbox: handed ? 'allow-same-origin' : '', src: handed ?? about.links.report, referrerpolicy: 'no-referrer' }),
    ];
  });
  return () => URL.revokeObjectURL(handed);
}

// With a key, a plain link would be refused: the file is fetched with it and handed over.
async function open(event, path, name) {
  if (!currentKey()) {
    return;
  }

  event.preventDefault();
  const blob = await (await request(path)).blob();
  const link = h('a', { href: URL.createObjectURL(blob), download: name === 'report' ? 'report.html' : path.split('/').pop() });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
