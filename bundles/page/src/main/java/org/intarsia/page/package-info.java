/**
 * The web page. {@link org.intarsia.page.PageFiles} holds the folder {@code page} of this bundle,
 * {@link org.intarsia.page.IndexServlet} and {@link org.intarsia.page.ModulesServlet} serve it, and
 * {@link org.intarsia.page.PanelsServlet} lists the panels that other bundles add.
 */
package org.intarsia.page;
