// Shows the evaluations and their reports. Text from outside is only ever set as textContent.

const notice = document.getElementById("notice");
const table = document.getElementById("evaluations");
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const count = new Intl.NumberFormat("en");

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function result(job) {
  const cell = element("td");
  const headline = job.outcome?.headline;
  if (!headline) return cell;
  const value = headline.value == null ? "undefined" : percent.format(headline.value);
  cell.append(`${job.outcome.metric} ${value}`);
  if (headline.lower != null) {
    cell.append(element("small", `${percent.format(headline.lower)} to ${percent.format(headline.upper)}`));
  }
  return cell;
}

function state(job) {
  const cell = element("td");
  if (job.status === "running" || job.status === "pending") {
    const bar = element("progress");
    bar.setAttribute("aria-label", "Shards scored");
    if (job.progress?.shards) {
      bar.max = job.progress.shards;
      bar.value = job.progress.shardsDone;
    }
    cell.append(bar, element("small", job.progress?.stage ?? job.status));
  } else {
    cell.append(element("span", job.status, job.status));
    if (job.problem) cell.append(element("small", job.problem.message, "failed"));
  }
  return cell;
}

function report(job) {
  const cell = element("td");
  if (job.outcome) {
    const link = element("a", "Report");
    link.href = `/reports/${encodeURIComponent(job.id)}/report.html`;
    cell.append(link);
  }
  return cell;
}

function row(job, names) {
  const made = element("tr");
  made.append(
    element("td", job.request.model),
    element("td", job.outcome?.dataset ?? names.get(job.request.datasetId) ?? job.request.datasetId),
    result(job),
    element("td", job.outcome ? count.format(job.outcome.records) : ""),
    state(job),
    report(job));
  return made;
}

async function get(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function refresh() {
  let delay = 5000;
  try {
    const [jobs, datasets] = await Promise.all([get("/api/evaluations"), get("/api/datasets")]);
    const names = new Map(datasets.map((dataset) => [dataset.id, dataset.name]));
    table.tBodies[0].replaceChildren(...jobs.map((job) => row(job, names)));
    table.hidden = jobs.length === 0;
    const running = jobs.filter((job) => job.status === "running" || job.status === "pending").length;
    notice.textContent = jobs.length === 0 ? "No evaluation yet." : running > 0 ? `${running} running.` : "All evaluations have ended.";
    if (running > 0) delay = 500;
  } catch (error) {
    notice.textContent = `The server does not answer (${error.message}). Trying again.`;
  }
  setTimeout(refresh, delay);
}

refresh();
