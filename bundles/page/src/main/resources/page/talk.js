import {fromBase64, toDataUrl} from './images.js';
import {t} from './language.js';
import {stream} from './server.js';
import {models} from './settings.js';
import {Changing} from './watching.js';

/**
 * The conversation. A message has `role` (`user` or `assistant`) and `parts`, in order: texts and blobs. The last one grows
 * while the answer comes. An answer also has `notes`, the server's sentences about what may not be as it was meant.
 */
class Talk extends Changing {
  messages = [];
  attached = [];
  preview = null;
  isAnswering = false;
  message = '';
  #abort = null;

  /** Takes a picture into the next message, and asks for the view of the conversation. */
  attach(...blobs) {
    this.attached = [...this.attached, ...blobs];
    this.changed();
    this.dispatchEvent(new Event('open'));
  }

  detach(blob) {
    this.attached = this.attached.filter((other) => other !== blob);
    this.changed();
  }

  clear() {
    this.#abort?.abort();
    Object.assign(this, {messages: [], attached: [], message: ''});
    this.changed();
  }

  cancel() {
    this.#abort?.abort();
  }

  async ask(text) {
    // The text first: models that were trained on questions before pictures take it for a question only there.
    const parts = [...(text ? [text] : []), ...this.attached];
    const answer = {role: 'assistant', parts: [], notes: []};
    this.messages = [...this.messages, {role: 'user', parts}, answer];
    Object.assign(this, {attached: [], isAnswering: true, message: ''});
    this.changed();
    this.#abort = new AbortController();
    try {
      const messages = await Promise.all(this.messages.slice(0, -1).map(toMessage));
      const body = {messages, stream: true, ...(models.chosen && {model: models.chosen}), intarsia: {preview_every: 8}};
      let isWhole = false;
      for await (const {event, data} of stream('/v1/chat/completions', {body, signal: this.#abort.signal})) {
        this.#take(answer, event, data);
        isWhole ||= Boolean(data.choices?.[0]?.finish_reason);
      }
      if (!isWhole) {
        throw new Error(t('error.cutOff'));
      }
    } catch (error) {
      this.message = this.#abort.signal.aborted ? '' : error.message;
    } finally {
      if (!answer.parts.length) {
        this.messages = this.messages.filter((message) => message !== answer);
      }
      Object.assign(this, {isAnswering: false, preview: null});
      this.changed();
    }
  }

  #take(answer, event, data) {
    const {parts} = answer;
    answer.notes = data.intarsia?.notes ?? answer.notes;
    if (event === 'intarsia.partial_image') {
      this.preview = fromBase64(data.url);
    }
    const delta = data.choices?.[0]?.delta ?? {};
    if (delta.content) {
      if (typeof parts.at(-1) === 'string') {
        parts.push(parts.pop() + delta.content);
      } else {
        parts.push(delta.content);
      }
    }
    for (const image of delta.images ?? []) {
      parts.push(fromBase64(image.image_url.url));
      this.preview = null;
    }
    this.changed();
  }
}

async function toMessage({role, parts}) {
  const content = await Promise.all(parts.map(async (part) =>
    typeof part === 'string' ? {type: 'text', text: part} : {type: 'image_url', image_url: {url: await toDataUrl(part)}}));
  return {role, content};
}

export const talk = new Talk();
