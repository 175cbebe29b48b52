package org.intarsia.provisioning;

import java.io.File;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Takes the jars of the deploy folder over from FileInstall, which watches it. Made when FileInstall asks for it. */
@Component
public final class Watch implements ArtifactInstaller {
    private final Installer installer;

    /** Made by Declarative Services. */
    @Activate
    public Watch(@Reference Installer installer) {
        this.installer = installer;
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().endsWith(".jar") && file.isFile();
    }

    @Override
    public void install(File file) {
        installer.arrived(file.toPath());
    }

    @Override
    public void update(File file) {
        installer.arrived(file.toPath());
    }

    @Override
    public void uninstall(File file) {
        installer.left(file.toPath());
    }
}
