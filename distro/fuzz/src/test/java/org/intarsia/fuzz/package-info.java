/**
 * Files that somebody broke, by the hundred thousand: each must end in a result or in one typed exception. A hang, another
 * exception, an error of the JVM or its end is a finding.
 *
 * <p>Begin with {@link org.intarsia.fuzz.Target}, which lists what is tried. {@link org.intarsia.fuzz.FuzzTest} starts Jazzer,
 * a fuzzer that is guided by coverage, in a JVM of its own with a heap of 256 MB. To try more, from the root of the tree:
 * {@snippet lang=shell :
 * mvn verify -pl distro/fuzz -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false -Dfuzz.runs=1000000 -Dfuzz.seconds=0 -Dfuzz.seed=7
 * }
 * where {@code -Dfuzz.targets=GGUF,PICTURE} tries these alone. What was found lies in {@code distro/fuzz/target/fuzz/findings},
 * and interesting inputs in {@code distro/fuzz/target/fuzz/corpus}, from which the next run goes on. A finding becomes a test
 * beside the code that is mended.
 */
package org.intarsia.fuzz;
