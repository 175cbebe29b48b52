package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The start and the commands give the same words, numbers and files in every locale. */
class LocaleIT extends Launched {
    /** Locales with digits, with capital letters and a decimal sign, and with a calendar of their own. */
    private static final List<String> LOCALES = List.of("fa-IR", "tr-TR", "th-TH-u-ca-buddhist-nu-thai");

    /** Sizes and ranges have decimals, and names and encodings have letters that some locales write otherwise. */
    private static final String SCRIPT = """
            version
            models
            backends
            components
            help imagine
            imagine "a red star" --seed 1 --out star.png
            weights inspect MODEL
            weights convert MODEL out --encoding Q8_0
            weights verify out --all --write SUMS
            weights verify out --manifest SUMS
            weights diff MODEL out
            each (models) { echo ($it name) }
            """;

    private static final Path MODEL = Path.of("../bundles/model.picturebook/model").toAbsolutePath().normalize();

    @Test
    void everyLocaleGivesTheSame() throws Exception {
        Result expected = run("en-US");
        assertThat(expected.said()).contains("tensors", "picturebook").doesNotContain("null");
        for (String locale : LOCALES) {
            Result result = run(locale);
            assertThat(result.said()).as(locale).isEqualTo(expected.said());
            assertThat(result.files()).as(locale).containsExactlyElementsOf(expected.files());
        }
    }

    /** Bytes as text, so that a failure shows where they differ. */
    private record Result(String said, List<String> files) {
    }

    private Result run(String locale) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve(locale));
        Files.writeString(place.resolve("all.gosh"), SCRIPT.replace("MODEL", MODEL.toString()));
        String[] parts = locale.split("-", 3);
        options = " -Duser.language=" + parts[0] + " -Duser.country=" + parts[1]
                + (parts.length > 2 ? " -Duser.extensions=" + parts[2] : "");
        Call call = end(prepared("run", "all.gosh").directory(place.toFile()).start());
        assertThat(call.status()).as(locale + ": " + call.err()).isZero();
        return new Result(call.out().replace(place.toString(), "FOLDER"),
                List.of(text(place.resolve("star.png")), text(place.resolve("SUMS")), text(place.resolve("out/model.gguf"))));
    }

    private static String text(Path file) throws IOException {
        return Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.size(file) + " " + file.getFileName();
    }
}
