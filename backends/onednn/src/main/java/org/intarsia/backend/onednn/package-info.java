/**
 * Large products of matrices by oneDNN, for plans of the CPU backend that may round: installed, this bundle makes them faster;
 * removed, the backend computes them itself again.
 * <p>
 * Begin with {@link org.intarsia.backend.onednn.Activator}, which offers {@link org.intarsia.backend.onednn.OneDnn}. The library's
 * functions are called by the foreign-function interface of Java; {@link org.intarsia.backend.onednn.Library} binds them.
 */
package org.intarsia.backend.onednn;
