// Sends a file in pieces by tus 1.0.0, so that a lost connection goes on where it was.
import { Problem, request } from './api.js';

const Piece = 16 << 20;
const Tries = 8;
const encode = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Resolves to the upload's last state, registered or refused: `{ id, state, datasetId, evaluations, problem }`. Aborted, what was sent is thrown away. */
export async function upload(file, evaluate, onProgress, signal) {
  const created = await request('/api/datasets/uploads', {
    method: 'POST',
    signal,
    headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(file.size), 'Upload-Metadata': `filename ${encode(file.name)},evaluate ${encode(String(evaluate))}` },
  });
  const place = new URL(created.headers.get('Location'), location.href).pathname;
  try {
    await sendPieces(place, file, onProgress, signal);
    return await settled(place, signal);
  } catch (problem) {
    if (problem.name === 'AbortError') {
      request(place, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => {});
    }

    throw problem;
  }
}

// What did not reach the server, or is locked by a piece that is still being taken in, is sent again; what the server refuses stays refused.
const passes = problem => problem instanceof Problem && [0, 409, 423, 502, 503, 504].includes(problem.status);

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function sendPieces(place, file, onProgress, signal) {
  let offset = 0;
  let failures = 0;
  while (offset < file.size || file.size === 0) {
    try {
      const response = await request(place, {
        method: 'PATCH',
        signal,
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
        body: file.slice(offset, offset + Piece),
      });
      offset = Number(response.headers.get('Upload-Offset'));
      failures = 0;
      onProgress(offset);
      if (file.size === 0) {
        break;
      }
    } catch (problem) {
      if (!passes(problem) || ++failures > Tries) {
        throw problem;
      }

      await pause(Math.min(8000, 250 * 2 ** failures));
      offset = await offsetOf(place, offset, signal);
      onProgress(offset);
    }
  }
}

// The last piece is answered when the dataset is registered; when that answer is lost, it is asked for.
async function settled(place, signal) {
  let failures = 0;
  while (true) {
    try {
      const known = await (await request(place, { signal })).json();
      if (known.state !== 'receiving' && known.state !== 'registering') {
        return known;
      }

      failures = 0;
    } catch (problem) {
      if (!passes(problem) || ++failures > Tries) {
        throw problem;
      }
    }

    await pause(500);
  }
}

async function offsetOf(place, known, signal) {
  try {
    const response = await request(place, { method: 'HEAD', signal, headers: { 'Tus-Resumable': '1.0.0' } });
    return Number(response.headers.get('Upload-Offset'));
  } catch (problem) {
    if (problem.status === 0) {
      return known;
    }

    throw problem;
  }
}
