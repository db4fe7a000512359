import { fill } from './lib/dom.js';
import { start } from './lib/router.js';
import { join, watchConnection } from './lib/socket.js';
import { datasets } from './views/datasets.js';
import { evaluations } from './views/evaluations.js';
import { models } from './views/models.js';
import { optimizations } from './views/optimizations.js';
import { performance } from './views/performance.js';
import { playground } from './views/playground.js';
import { report } from './views/report.js';

const words = { connecting: 'connecting', live: 'live', lost: 'reconnecting' };
const connection = document.getElementById('connection');
watchConnection(state => {
  connection.dataset.state = state;
  fill(connection, words[state]);
});

// The part behind '#' names a view here, so the skip link moves the focus itself.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  document.getElementById('content').focus();
});

// One membership for the whole visit keeps the socket open; views listen for themselves.
join('jobs', () => {});
start({
  evaluations: { title: 'Evaluations', view: evaluations },
  models: { title: 'Models', view: models },
  optimizations: { title: 'Optimizations', view: optimizations },
  datasets: { title: 'Datasets', view: datasets },
  playground: { title: 'Playground', view: playground },
  performance: { title: 'Performance', view: performance },
  report: { title: 'Report', menu: 'evaluations', view: report },
}, document.getElementById('content'));
