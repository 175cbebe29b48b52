package org.intarsia.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.intarsia.provisioning.api.ProvisioningException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are received, named and swept. */
class DeployFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aFileHasItsNameOnlyWhenItIsKept() throws IOException {
        DeployFolder deploy = new DeployFolder(folder.resolve("deploy"));
        Path source = Files.writeString(folder.resolve("source"), "content");

        Path part = deploy.receive(source.toUri());
        assertThat(deploy.isPart(part)).isTrue();
        assertThat(deploy.jars()).isEmpty();

        deploy.keep(part, deploy.place("org.example.a"));
        assertThat(deploy.jars()).containsExactly(folder.resolve("deploy/org.example.a.jar"));
        assertThat(deploy.jars().getFirst()).hasContent("content");
        assertThat(part).doesNotExist();
    }

    @Test
    void aFileIsKnownByTheFoldersOwnNameAlsoWhereTheFolderIsALink() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        DeployFolder deploy = new DeployFolder(link);

        assertThat(deploy.own(real.resolve("a.jar"))).hasValue(link.resolve("a.jar"));
        assertThat(deploy.own(link.resolve("a.jar"))).hasValue(link.resolve("a.jar"));
        assertThat(deploy.own(folder.resolve("a.jar"))).isEmpty();
        assertThat(deploy.own(real.resolve("inner/a.jar"))).isEmpty();
    }

    @Test
    void theNewestComesFirstAndWhatCannotBeReadIsPassedOver() throws IOException {
        Path older = Jars.bundle(folder.resolve("a.jar"), "org.example.a", "1.9.0", "org.foo");
        Path newer = Jars.bundle(folder.resolve("b.jar"), "org.example.a", "1.10.0", "org.foo");
        Path same = Jars.bundle(folder.resolve("c.jar"), "org.example.a", "1.10.0", "org.foo");
        Jars.bundle(folder.resolve("d.jar"), "org.example.d", "2.0.0", "org.foo");
        Files.writeString(folder.resolve("e.jar"), "PK");
        Files.createSymbolicLink(folder.resolve("f.jar"), folder.resolve("gone.jar"));
        Files.createDirectory(folder.resolve("g.jar"));

        assertThat(new DeployFolder(folder).newestFirst("org.example.a")).extracting(Candidate::jar)
                .containsExactly(newer, same, older);
    }

    @Test
    void whatAKilledProcessLeftIsSweptAndWhatALivingOneReceivesIsNot() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Path left = Files.createFile(folder.resolve("." + gone.pid() + "-1.part"));
        Path growing = Files.createFile(folder.resolve("." + ProcessHandle.current().pid() + "-9.part"));
        Path other = Files.createFile(folder.resolve("notes.txt"));

        new DeployFolder(folder).sweep();

        assertThat(left).doesNotExist();
        assertThat(List.of(growing, other)).allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void whatCannotBeReadIsOneSentenceAndLeavesNothing() throws IOException {
        Path deploy = folder.resolve("deploy");
        DeployFolder receiving = new DeployFolder(deploy);

        assertThatThrownBy(() -> receiving.receive(folder.resolve("none.jar").toUri()))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage(folder.resolve("none.jar") + " cannot be read: there is no such file");
        assertThatThrownBy(() -> receiving.receive(folder.toUri())).hasMessageEndingWith(" cannot be read: it is a folder");
        assertThatThrownBy(() -> receiving.receive(URI.create("http://localhost:1/a.jar")))
                .hasMessageStartingWith("http://localhost:1/a.jar cannot be read: the host does not answer");
        assertThat(deploy).doesNotExist();
    }
}
