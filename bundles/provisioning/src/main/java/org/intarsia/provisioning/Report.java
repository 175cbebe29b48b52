package org.intarsia.provisioning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.intarsia.provisioning.api.Change;
import org.intarsia.provisioning.api.Change.What;
import org.osgi.framework.Bundle;

/** What else happens while bundles are changed: begun before, and asked afterwards. */
final class Report {
    private final Installed installed;
    private final Set<String> before;
    private final List<String> problems = new ArrayList<>();
    private List<String> revived = List.of();

    Report(Installed installed) {
        this.installed = installed;
        this.before = installed.running();
    }

    /** Lets the changed bundles take effect, starts those that are named, and whoever has waited for them. */
    void settle(Collection<Bundle> changed, Collection<Bundle> started) {
        installed.refresh(changed, problems);
        for (Bundle bundle : started) {
            installed.start(bundle).ifPresent(problems::add);
        }
        revived = installed.revive(problems);
    }

    Change change(What what, Bundle bundle, String replaced, boolean lasting, Set<String> users) {
        Set<String> stopped = new TreeSet<>(before);
        stopped.removeAll(installed.running());
        stopped.remove(bundle.getSymbolicName());
        return new Change(what, bundle.getSymbolicName(), bundle.getVersion().toString(), replaced, Installed.runs(bundle), lasting,
                List.copyOf(users), List.copyOf(stopped),
                revived.stream().filter(name -> !before.contains(name) && !name.equals(bundle.getSymbolicName())).toList(), List.copyOf(problems));
    }
}
