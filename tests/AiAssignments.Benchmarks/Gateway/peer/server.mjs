// node server.mjs PORT MODEL.onnx TOKENIZER.json THREADS: what a Node developer would write. Each request is tokenized and run as it comes; ONNX Runtime
// runs on its own threads, so requests do overlap. Same graph, same tokenizer file, same answer shape as the gateway's.
import Fastify from 'fastify';
import ort from 'onnxruntime-node';
import { createRequire } from 'node:module';

const tokenizers = createRequire(import.meta.url)('tokenizers');
const [port, model, tokenizerFile, threads] = process.argv.slice(2);
const tokenizer = tokenizers.Tokenizer.fromFile(tokenizerFile);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(threads), graphOptimizationLevel: 'all' });
const labels = ['no', 'yes'];

async function predict(text) {
  const encoded = await tokenizer.encode(text);
  const row = values => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const feeds = { input_ids: row(encoded.getIds()), attention_mask: row(encoded.getAttentionMask()), token_type_ids: row(encoded.getTypeIds()) };
  const wanted = Object.fromEntries(session.inputNames.map(name => [name, feeds[name]]));
  const logits = (await session.run(wanted))[session.outputNames[0]].data;
  const top = Math.max(...logits);
  const weights = Array.from(logits, logit => Math.exp(logit - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { labels: weights.map((weight, i) => ({ label: labels[i], probability: weight / sum })).sort((a, b) => b.probability - a.probability) };
}

const app = Fastify({ logger: false });
app.get('/ready', async () => ({ ready: true }));
app.post('/predict', async request => ({ answers: [await predict(request.body.text)] }));
await app.listen({ port: Number(port), host: '127.0.0.1' });
