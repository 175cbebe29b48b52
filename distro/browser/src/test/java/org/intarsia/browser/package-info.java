/**
 * The page as people use it: a served box, and Debian's Chromium driven by Playwright. Start with
 * {@link org.intarsia.browser.PageIT}.
 */
package org.intarsia.browser;
