import {Changing} from './watching.js';
import de from './texts/de.js';
import en from './texts/en.js';

const TEXTS = {en, de};
const KEY = 'intarsia.language';

/** The language of the page: the one chosen here before, else the browser's first that the page speaks, else English. */
class Language extends Changing {
  constructor() {
    super();
    const wanted = [localStorage.getItem(KEY), ...navigator.languages.map((tag) => tag.slice(0, 2))];
    this.set(wanted.find((tag) => tag in TEXTS) ?? 'en');
  }

  get others() {
    return Object.keys(TEXTS).filter((tag) => tag !== this.current);
  }

  choose(tag) {
    localStorage.setItem(KEY, tag);
    this.set(tag);
  }

  set(tag) {
    this.current = tag;
    document.documentElement.lang = tag;
    this.changed();
  }
}

export const language = new Language();

/** Returns the text of `key` in the language of the page, with `{name}` replaced by the value of that name. */
export function t(key, values = {}) {
  return TEXTS[language.current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function number(value, digits = 0) {
  return value.toLocaleString(language.current, {maximumFractionDigits: digits});
}

export function time(milliseconds) {
  return new Date(milliseconds).toLocaleString(language.current, {dateStyle: 'medium', timeStyle: 'short'});
}
