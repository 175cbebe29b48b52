import {language, t} from './language.js';

const KEY = 'intarsia.token';

/** An answer that is no success, with the server's own sentence. */
export class ServerError extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Asks for a token where the server wants one. The element of the dialog sets `ask`, which answers the token or null. */
export const session = {
  ask: async () => null,
  asking: null,
  /** When the dialog was closed without a token: what was requested before does not bring it back. */
  declined: -1,
};

/**
 * Requests `path`, and answers the response once it is a success. Where `asks` is false nobody is asked for a token: what the
 * page does by itself, again and again, must not bring back a dialog that was closed.
 */
export async function request(path, {method, body, signal, asks = true} = {}) {
  const begun = performance.now();
  for (;;) {
    const token = sessionStorage.getItem(KEY);
    const headers = {'Accept-Language': language.current};
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    const response = await reach(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
    if (response.ok) {
      return response;
    }
    // Another request may have asked meanwhile: only the token that was refused is asked for again.
    const another = sessionStorage.getItem(KEY) !== token;
    if (response.status !== 401 || !(another || (asks && begun > session.declined && (await askToken(token !== null))))) {
      throw await errorOf(response);
    }
  }
}

/** Requests `path`, and answers its JSON. */
export async function send(path, options) {
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

/** Requests `path`, and answers its server-sent events, one `{event, data}` after the other; `data` is parsed. */
export async function* stream(path, options) {
  const response = await request(path, options);
  for await (const {event, data} of parse(response.body)) {
    if (data === '[DONE]') {
      return;
    }
    const value = JSON.parse(data);
    if (event === 'error' || value.error) {
      throw new ServerError(value.error?.message ?? t('error.unknown'), 0, value.error?.code);
    }
    yield {event, data: value};
  }
}

async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const {value, done} = await next(reader);
      if (done) {
        return;
      }
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const event = {event: 'message', data: []};
        for (const line of block.split(/\r?\n/)) {
          const [, field, text] = /^(\w*): ?(.*)$/s.exec(line) ?? [];
          if (field === 'event') {
            event.event = text;
          } else if (field === 'data') {
            event.data.push(text);
          }
        }
        if (event.data.length) {
          yield {event: event.event, data: event.data.join('\n')};
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function next(reader) {
  try {
    return await reader.read();
  } catch (error) {
    throw error.name === 'AbortError' ? error : new ServerError(t('error.broken'), 0, 'broken');
  }
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new ServerError(t('error.unreachable'), 0, 'unreachable');
  }
}

async function errorOf(response) {
  try {
    const {error} = await response.json();
    return new ServerError(error.message, response.status, error.code);
  } catch {
    return new ServerError(t('error.status', {status: response.status}), response.status, null);
  }
}

function askToken(again) {
  session.asking ??= session.ask(again).then((token) => {
    session.asking = null;
    if (token === null) {
      session.declined = performance.now();
      return false;
    }
    sessionStorage.setItem(KEY, token);
    return true;
  });
  return session.asking;
}
