/**
 * Chat templates of models, rendered by jinjava. Nothing here is exported; {@link org.intarsia.chat.JinjaChatRenderer} is the
 * service, and {@link org.intarsia.chat.Dialect} says what of Jinja there is. The README of this bundle has what was measured.
 *
 * <p>Templates come in the files of strangers. {@link org.intarsia.chat.TemplateResolver} is the only way from an expression
 * into a value, and knows texts, lists and mappings alone; tags, filters and functions that are not named in {@link
 * org.intarsia.chat.Dialect} are disabled; {@link org.intarsia.chat.python.RenderGuard} bounds steps, time and sizes.
 */
package org.intarsia.chat;
