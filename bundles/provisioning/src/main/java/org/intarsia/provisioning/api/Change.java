package org.intarsia.provisioning.api;

import java.util.List;

/**
 * What became of a bundle.
 *
 * @param what     what was done
 * @param bundle   its symbolic name
 * @param version  its version now; the last one where it is uninstalled
 * @param before   the version that this one replaces; empty where nothing was replaced
 * @param running  whether it runs now
 * @param lasting  whether the next start of the platform finds it so
 * @param users    the bundles that were using its packages or services
 * @param stopped  other bundles that ran before and do not run now
 * @param revived  other bundles that waited for this one and run now
 * @param problems why something that should run does not, a sentence each
 */
public record Change(What what, String bundle, String version, String before, boolean running, boolean lasting,
        List<String> users, List<String> stopped, List<String> revived, List<String> problems) {
    /** What can be done to a bundle. */
    public enum What {
        /** It was not there before. */
        INSTALLED,
        /** It has taken the place of another version, or was read again from its file. */
        UPDATED,
        /** It is in the deploy folder, and takes the place of the version that still runs at the next start. */
        KEPT,
        /** It is gone. */
        UNINSTALLED,
        /** It has left the deploy folder, and the box's bundle of that name has returned. */
        REVERTED,
        /** It runs. */
        STARTED,
        /** It is there, but does not run. */
        STOPPED,
        /** It was already as it should be. */
        UNCHANGED
    }
}
