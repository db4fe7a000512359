// Shows the API description. Text is only ever set as textContent.

const key = document.getElementById("key");

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function table(caption, heads, rows) {
  const made = element("table");
  made.append(element("caption", caption));
  const head = made.createTHead().insertRow();
  for (const text of heads) {
    const cell = element("th", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  return made;
}

function schemaText(schema, all) {
  const name = schema?.$ref?.split("/").at(-1);
  return name ? `${name}: ${pretty(all[name])}` : pretty(schema ?? {});
}

function body(title, content, all) {
  const made = element("section");
  for (const [type, media] of Object.entries(content ?? {})) {
    made.append(element("h4", `${title}: ${type}`));
    if (media.example !== undefined) made.append(element("pre", pretty(media.example)));
    if (media.schema && Object.keys(media.schema).length > 0) {
      const more = element("details");
      more.append(element("summary", "Schema"), element("pre", schemaText(media.schema, all)));
      made.append(more);
    }
  }
  return made;
}

function tryOut(method, path, operation) {
  const form = element("form");
  form.append(element("h4", "Try it"));
  const inputs = [];
  for (const parameter of operation.parameters) {
    if (parameter.in === "header" && parameter.name.startsWith("If-")) continue;
    const label = element("label", `${parameter.name} (${parameter.in}) `);
    const input = element("input");
    input.required = Boolean(parameter.required);
    label.append(input);
    form.append(label);
    inputs.push([parameter, input]);
  }
  const media = operation.requestBody?.content?.["application/json"];
  const text = element("textarea");
  if (media) {
    text.value = pretty(media.example ?? {});
    const label = element("label", "Body ");
    label.append(text);
    form.append(label);
  }
  const send = element("button", "Send");
  const answer = element("pre");
  answer.hidden = true;
  answer.setAttribute("role", "status");
  form.append(send, answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    answer.hidden = false;
    try {
      answer.className = "";
      answer.textContent = await ask(method, path, inputs, media ? text.value : undefined);
    } catch (error) {
      answer.className = "failed";
      answer.textContent = `The server does not answer: ${error.message}`;
    }
    send.disabled = false;
  });
  return form;
}

async function ask(method, path, inputs, text) {
  const query = new URLSearchParams();
  const headers = {};
  let url = path;
  for (const [parameter, input] of inputs) {
    if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value && parameter.in === "query") query.set(parameter.name, input.value);
    else if (input.value) headers[parameter.name] = input.value;
  }
  if (text !== undefined) headers["Content-Type"] = "application/json";
  if (key.value) headers.Authorization = `Bearer ${key.value}`;
  const response = await fetch(query.size > 0 ? `${url}?${query}` : url, { method: method.toUpperCase(), headers, body: text });
  const lines = [`${response.status} ${response.statusText}`, ...[...response.headers].map(([name, value]) => `${name}: ${value}`), ""];
  const content = await response.text();
  try {
    lines.push(pretty(JSON.parse(content)));
  } catch {
    lines.push(content.slice(0, 20000));
  }
  return lines.join("\n");
}

function show(method, path, operation, all) {
  const made = element("details");
  made.id = operation.operationId;
  const head = element("summary");
  head.append(element("span", method.toUpperCase(), "method"), element("span", path, "path"), element("span", operation.summary, "about"));
  made.append(head);
  made.addEventListener("toggle", () => {
    if (!made.open || made.dataset.filled) return;
    made.dataset.filled = "yes";
    const inside = element("div", undefined, "body");
    inside.append(element("p", operation.description));
    if (operation.parameters.length > 0) {
      inside.append(table("Parameters", ["Name", "In", "What"], operation.parameters.map((one) => [one.name, one.in, one.description ?? (one.required ? "Required." : "")])));
    }
    if (operation.requestBody) inside.append(element("p", operation.requestBody.description), body("Request", operation.requestBody.content, all));
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status < "300") inside.append(body(`Answer ${status}`, response.content, all));
    }
    inside.append(table("Other answers", ["Status", "Codes"], Object.entries(operation.responses).filter(([status]) => status >= "300").map(([status, response]) => [status, response.description])));
    inside.append(tryOut(method, path, operation));
    made.append(inside);
  });
  return made;
}

async function load() {
  const notice = document.getElementById("notice");
  const main = document.getElementById("operations");
  try {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Error(`${response.status}`);
    const api = await response.json();
    document.getElementById("title").textContent = `${api.info.title} ${api.info.version}: API`;
    document.getElementById("about").textContent = api.info.description;
    for (const tag of api.tags) {
      const id = `group-${tag.name.toLowerCase().replaceAll(" ", "-")}`;
      const link = element("a", tag.name);
      link.href = `#${id}`;
      const item = element("li");
      item.append(link);
      document.getElementById("groups").append(item);
      const section = element("section");
      const heading = element("h2", tag.name);
      heading.id = id;
      section.append(heading);
      for (const [path, item] of Object.entries(api.paths)) {
        for (const [method, operation] of Object.entries(item)) {
          if (operation.tags.includes(tag.name)) section.append(show(method, path, operation, api.components.schemas));
        }
      }
      main.append(section);
    }
    notice.remove();
  } catch (error) {
    notice.textContent = `The description could not be loaded (${error.message}).`;
    notice.className = "failed";
  }
  main.setAttribute("aria-busy", "false");
}

load();
