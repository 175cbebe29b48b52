package org.intarsia.provisioning;

import java.io.File;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Takes the jars of the deploy folder over from FileInstall, which watches it. Made when FileInstall asks for it. FileInstall
 * may watch other folders, too, such as the container's own: their files are left to it.
 */
@Component
public final class Watch implements ArtifactInstaller {
    private final Installer installer;

    @Activate
    public Watch(@Reference Installer installer) {
        this.installer = installer;
    }

    @Override
    public boolean canHandle(File file) {
        // FileInstall also asks about files that are gone.
        return file.getName().endsWith(".jar") && !file.isDirectory() && installer.owns(file.toPath());
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
