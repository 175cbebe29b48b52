/**
 * The cases of the suite, one class for each group of ops.
 * <p>
 * Begin with {@link org.intarsia.backend.testkit.cases.Cases}, which lists the groups, and with a short one such as
 * {@code LossCases}. A case is written as a {@link org.intarsia.backend.testkit.cases.Draft}, a graph whose leaves come with
 * values, and {@code Catalogue} collects them.
 * <p>
 * To cover a new op, write one line for each shape into the {@code …Cases} file of its group; its gradient is tested along
 * with it.
 */
package org.intarsia.backend.testkit.cases;
