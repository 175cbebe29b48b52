/**
 * Values as Python has them, whatever a template language makes of them: texts, lists, mappings and None, and what a rendering
 * may cost. Begin with {@link org.intarsia.chat.python.PythonText} and {@link org.intarsia.chat.python.PythonMethods};
 * {@link org.intarsia.chat.python.RenderGuard} ends what takes too long.
 */
package org.intarsia.chat.python;
