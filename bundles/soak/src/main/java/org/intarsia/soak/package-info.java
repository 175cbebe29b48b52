/**
 * Endurance: begin with {@link org.intarsia.soak.SoakService}. {@link org.intarsia.soak.Tasks} are the requests and what they
 * give undisturbed, {@link org.intarsia.soak.Lane}s keep them in flight, {@link org.intarsia.soak.Swaps} replaces bundles
 * under them, and {@link org.intarsia.soak.Census} counts what was left behind.
 */
package org.intarsia.soak;
