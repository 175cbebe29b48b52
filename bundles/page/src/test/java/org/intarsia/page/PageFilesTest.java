package org.intarsia.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageFilesTest {
    private static final Pattern BASE = Pattern.compile("src=\"/page(/\\w+/)main\\.js\"");
    private static final Pattern IMPORT_MAP = Pattern.compile("<script type=\"importmap\">(.*?)</script>");
    private static final Pattern RELATIVE_IMPORT = Pattern.compile("(?:from|import) '(\\.[^']+)'");

    private final PageFiles files = PageFiles.of(Sources.files());
    private final String index = new String(files.index().bytes(), StandardCharsets.UTF_8);

    @Test
    void allowsTheImportMapByItsHashAndNothingElseInline() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(first(IMPORT_MAP).getBytes(StandardCharsets.UTF_8));
        assertThat(files.policy()).contains("script-src 'self' 'sha256-" + Base64.getEncoder().encodeToString(hash) + "';")
                .contains("require-trusted-types-for 'script'").doesNotContain("unsafe");
        assertThat(index).doesNotContain("style=").doesNotContain("onclick=").doesNotContain("<style");
    }

    @Test
    void findsWhatTheIndexNamesAndNothingOutsideOfItsFolder() {
        String folder = first(BASE);
        assertThat(files.find(folder + "main.js")).isPresent();
        assertThat(files.find(folder + "elements/app.js").orElseThrow().type()).startsWith("text/javascript");
        assertThat(files.find("/main.js")).isEmpty();
        assertThat(files.find(folder + "../main.js")).isEmpty();
        assertThat(files.find(folder)).isEmpty();
    }

    @Test
    void changedFilesLieInAnotherFolder() {
        SortedMap<String, byte[]> changed = Sources.files();
        changed.put("main.js", new byte[] {';'});
        assertThat(PageFiles.of(changed).find(first(BASE) + "main.js")).isEmpty();
    }

    @Test
    void refusesFilesOfAKindWithoutContentType() {
        SortedMap<String, byte[]> strange = new TreeMap<>(Map.of("index.html", new byte[0], "strange.exe", new byte[0]));
        assertThatThrownBy(() -> PageFiles.of(strange).index()).hasMessageContaining("strange.exe");
    }

    @Test
    void modulesImportOnlyFilesThatThereAre() {
        SortedMap<String, String> modules = Sources.modules();
        modules.forEach((name, module) -> RELATIVE_IMPORT.matcher(module).results().forEach(match -> {
            Path imported = Path.of("/" + name).resolveSibling(match.group(1)).normalize();
            assertThat(modules).as(name).containsKey(imported.toString().substring(1));
        }));
    }

    @Test
    void modulesMakeNoHtmlFromTextsAndAskNoOtherHost() {
        Sources.modules().forEach((name, module) -> assertThat(module).as(name).doesNotContain("innerHTML")
                .doesNotContain("unsafeHTML").doesNotContain("insertAdjacent").doesNotContain("eval(")
                .doesNotContain("http:").doesNotContain("https:"));
    }

    private String first(Pattern pattern) {
        Matcher matcher = pattern.matcher(index);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
