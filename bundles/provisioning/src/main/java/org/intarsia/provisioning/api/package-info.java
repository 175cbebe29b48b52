/**
 * Bundles come, change and go while the platform runs. Begin with {@link org.intarsia.provisioning.api.Provisioning}, a
 * service.
 *
 * <p>Two folders hold bundles. The <em>box</em> ({@code bundles/} of the platform's home) is what it was built with; nothing
 * here ever changes it. The <em>deploy folder</em> is the user's: what lies in it is installed at every start.
 * <ul>
 * <li><em>One bundle for a symbolic name.</em> A jar of the deploy folder whose name the box has, too, takes the place of
 * the box's bundle, unless its version is lower; then it is left out, with a sentence. When it leaves the deploy folder,
 * the box's bundle returns.
 * <li><em>{@code install}, {@code update} from a file or URL</em> last: the jar is put into the deploy folder, as
 * {@code NAME.jar} or in place of the file that holds that name already, and the running framework takes it at once. In
 * {@code distro/intarsia install FILE} that framework ends with the command; the next start finds the jar.
 * <li><em>{@code uninstall}</em> removes the jar from the deploy folder. A bundle of the box leaves the running framework
 * only, and is back at the next start; so is whatever {@code start}, {@code stop} and {@code update} without a file did.
 * <li><em>Dropping, replacing and deleting a jar</em> in the deploy folder does the same by the same code, in the
 * interactive shell, where Felix FileInstall watches the folder and tells this bundle. There is no second installation: a
 * file that is in force already is recognized by its size and time.
 * <li><em>Of several files with one symbolic name</em> the newest version runs that the platform can take, at the start as
 * later; of equal versions the first by file name. Each other file is left out, with a sentence, and changes nothing when it
 * comes or goes. When the newest leaves, the next takes its place. A command refuses a version that another file would cover
 * at the next start.
 * <li><em>Refused</em> is what cannot be read as a bundle, and what needs a package in a version that the platform has
 * not. Nothing changes then, and the bundle that was there goes on working. A jar in the deploy folder that needs
 * something which is not there at all waits for it; the commands refuse it.
 * <li><em>Who asks must stay.</em> Another version of something that the shell itself is wired to, such as the graph, is
 * kept for the next start, and such a bundle is not uninstalled: no command could bring it back.
 * <li><em>Half-written</em> files never count. A jar is first received in a hidden file of the deploy folder
 * ({@code .*.part}), checked, and then moved to its name in one step. What a killed process leaves is swept by the next.
 * </ul>
 *
 * <p>Another container needs neither folder: without {@code intarsia.home} there is no box, and without
 * {@code intarsia.deploy} the deploy folder lies in the data area of this bundle. A deploy folder of the container's own is
 * never touched. A container that keeps its bundles from run to run finds them again; those whose files are gone are
 * uninstalled. What this bundle itself is wired to, such as the API of the logger, is not replaced; that needs the
 * container's own means.
 *
 * <p>Jars up to 32 MB are copied into the framework's storage, so that a file may be overwritten while its bundle runs;
 * larger ones (weights) are read where they lie, and must be replaced by a move.
 */
@Export
@Version("1.0.0")
package org.intarsia.provisioning.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
