package org.intarsia.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.provisioning.api.ProvisioningException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What a jar is, and what it needs. */
class CandidateTest {
    @TempDir
    private Path folder;

    @Test
    void aBundleHasANameAndAVersion() throws IOException {
        Candidate candidate = candidate("org.example.a;singleton:=true", "1.2.0", "org.foo");

        assertThat(candidate.name()).isEqualTo("org.example.a");
        assertThat(candidate).hasToString("org.example.a 1.2.0");
    }

    @Test
    void whatIsNoBundleIsRefusedInOneSentence() throws IOException {
        Path whole = Jars.bundle(folder.resolve("whole.jar"), "org.example.a", "1.0.0", "org.foo");
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(bytes, bytes.length - 10));
        Path plain = Jars.write(folder.resolve("plain.jar"), Map.of());
        Path broken = Jars.write(folder.resolve("broken.jar"),
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "a", "Bundle-Version", "one"));

        assertThatThrownBy(() -> Candidate.read(folder.resolve("none.jar"), "none.jar"))
                .isInstanceOf(ProvisioningException.class).hasMessage("none.jar cannot be read: there is no such file");
        assertThatThrownBy(() -> Candidate.read(cut, "cut.jar")).hasMessageStartingWith("cut.jar is not a whole jar: ");
        assertThatThrownBy(() -> Candidate.read(plain, "plain.jar"))
                .hasMessage("plain.jar is not a bundle: its manifest has no Bundle-SymbolicName");
        assertThatThrownBy(() -> Candidate.read(broken, "broken.jar"))
                .isInstanceOf(ProvisioningException.class).hasMessageStartingWith("broken.jar has a manifest that OSGi does not allow");
    }

    @Test
    void whatIsMissingIsSaidInWords() throws IOException {
        assertThat(missing("org.foo;version=\"[2,3)\""))
                .hasValue("org.example.a 1.0.0 needs the package org.foo [2.0.0,3.0.0), which no installed bundle has; "
                        + "install that first, or use --resolve");
        assertThat(missing("org.foo;version=2")).hasValueSatisfying(sentence ->
                assertThat(sentence).contains("the package org.foo 2.0.0 or later, which"));
        assertThat(missing("org.foo")).hasValueSatisfying(sentence -> assertThat(sentence).contains("the package org.foo, which"));
        assertThat(missing("org.foo;resolution:=optional")).isEmpty();
    }

    @Test
    void anotherVersionIsToldFromNone() throws IOException {
        Candidate needy = candidate("org.example.a", "1.0.0", "org.foo;version=\"[2,3)\"");
        Candidate brings = Candidate.read(Jars.write(folder.resolve("b.jar"), Map.of("Bundle-ManifestVersion", "2",
                "Bundle-SymbolicName", "org.example.b", "Export-Package", "org.foo;version=1.4")), "b.jar");
        Candidate bringsMore = Candidate.read(Jars.write(folder.resolve("c.jar"), Map.of("Bundle-ManifestVersion", "2",
                "Bundle-SymbolicName", "org.example.b", "Export-Package", "org.foo;version=2.1")), "c.jar");

        assertThat(needs(List.of(needy, brings)).otherVersion(needy.toString(), needy.resource()))
                .hasValue("org.example.a 1.0.0 needs org.foo 2.0.0 and this platform has 1.4.0: "
                        + "take a version of it that was built for that");
        assertThat(needs(List.of(needy, bringsMore)).missing(needy.toString(), needy.resource())).isEmpty();
    }

    private Optional<String> missing(String imports) throws IOException {
        Candidate candidate = candidate("org.example.a", "1.0.0", imports);
        return needs(List.of(candidate)).missing(candidate.toString(), candidate.resource());
    }

    private static MissingRequirements needs(List<Candidate> coming) {
        return new MissingRequirements(new Bundle[0], coming);
    }

    private Candidate candidate(String name, String version, String imports) throws IOException {
        return Candidate.read(Jars.bundle(folder.resolve("a.jar"), name, version, imports), "a.jar");
    }
}
