package org.intarsia.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The page as people use it. Needs Chromium; where there is none, its tests are skipped and say so. */
class PageIT {
    private static final String PROMPT = "a red star left of a blue house";
    private static final double PATIENCE_MILLIS = 60_000;
    /** In this time the page asks for the bundles twice where it was refused. */
    private static final double RETRIES_MILLIS = 7000;
    /** With this seed the upper half of the star lies in the first two cells of the fifth row. */
    private static final String SEED = "1";
    private static final Set<Integer> MARKED = Set.of(32, 33);
    private static final String FINISHED = "img[data-entry]";

    @TempDir
    static Path folder;

    private static Served served;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> faults = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser").map(Path::of)
                .filter(Files::isExecutable).findFirst();
        if (chromium.isEmpty()) {
            skip("browser: these tests need Chromium at /usr/bin/chromium; install the package chromium");
        }
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new LaunchOptions().setExecutablePath(chromium.orElseThrow()));
        served = Served.in(folder);
    }

    @AfterAll
    static void stop() {
        Stream.of(served, playwright).filter(one -> one != null).forEach(PageIT::close);
    }

    @AfterEach
    void noFaults() {
        if (context != null) {
            context.close();
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void aPictureFormsRowByRow() {
        open(new NewContextOptions());
        page.evaluate(script("watch-forming.js"));
        // One alone may be done within a few frames of the browser.
        several(4);
        order(PROMPT);
        @SuppressWarnings("unchecked")
        Map<String, Object> formed = (Map<String, Object>) page.evaluate("window.formed");
        assertThat((Integer) formed.get("count")).isGreaterThanOrEqualTo(3);
        List<?> first = (List<?>) ((List<?>) formed.get("seen")).getFirst();
        assertThat(first.get(0)).as("a cell of the first row, decoded").isNotEqualTo(first.get(2));
        assertThat(first.get(1)).as("a cell of the last row, still empty").isEqualTo(first.get(2));
        page.locator(FINISHED).nth(3).waitFor();
        page.locator(FINISHED).first().click();
        assertThat(page.getByText("picturebook").last()).isVisible();
        assertThat(page.getByText("8 × 8")).isVisible();
    }

    @Test
    void twoCellsAreDrawnAgainAndAllOtherPixelsStay() {
        open(new NewContextOptions());
        make(PROMPT);
        page.evaluate(script("remember-pixels.js"));
        button("Draw cells again").click();
        Locator first = cell(5, 1);
        first.click();
        first.press("ArrowRight");
        cell(5, 2).press("Space");
        assertThat(cell(5, 2)).hasAttribute("aria-selected", "true");
        page.getByLabel("What should be there").fill("a green boat left of a blue house");
        button("Draw again: 2").click();
        assertThat(page.getByText("Cells redrawn")).isVisible();
        assertThat(changedCells()).isNotEmpty().isSubsetOf(MARKED);
        // The marks stay for another try.
        assertThat(button("Draw again: 2")).isEnabled();
        button("Undo").click();
        assertThat(page.getByText("Cells redrawn")).not().isVisible();
        assertThat(changedCells()).isEmpty();
    }

    @Test
    void theBackendIsSwappedWhileAPictureForms() {
        open(new NewContextOptions());
        Locator opencl = button("Use backend opencl");
        assertThat(button("Use backend cpu")).isVisible();
        if (opencl.count() == 0) {
            skip("browser: swapping needs an OpenCL device; install pocl-opencl-icd");
        }
        page.evaluate(script("press-while-forming.js"), "Use backend opencl");
        several(2);
        order(PROMPT);
        assertThat(page.getByText("ms pause")).isVisible();
        page.locator(FINISHED).nth(1).waitFor();
        page.locator(FINISHED).first().click();
        assertThat(page.getByText("cpu → opencl/")).isVisible();
        button("Use backend cpu").click();
        assertThat(button("Use backend cpu")).hasAttribute("aria-pressed", "true");
    }

    @Test
    void aCancelledPictureIsGoneAndTheOthersGoOn() {
        open(new NewContextOptions());
        page.evaluate(script("press-while-forming.js"), "Cancel");
        several(4);
        order(PROMPT);
        assertThat(page.locator("intarsia-slot").getByText("Cancelled")).isVisible();
        page.locator(FINISHED).nth(2).waitFor();
        assertThat(page.locator("intarsia-history li")).hasCount(3);
        button("Try again").click();
        assertThat(page.locator("intarsia-history li")).hasCount(4);
    }

    @Test
    void theHistoryOutlivesTheVisit() {
        open(new NewContextOptions());
        make(PROMPT);
        page.reload();
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(PROMPT).setExact(true)).click();
        assertThat(page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName(PROMPT))).isVisible();
        assertThat(page.locator(FINISHED)).isVisible();
    }

    @Test
    void aQuestionAboutAPictureIsAnswered() {
        open(new NewContextOptions());
        make(PROMPT);
        button("Ask about it").click();
        page.getByLabel("Message").fill("what colour is the house?");
        page.getByLabel("Message").press("Enter");
        assertThat(page.getByRole(AriaRole.LOG).getByText("blue", new Locator.GetByTextOptions().setExact(true))).isVisible();
    }

    /** The server writes its notes in English; the page says of what kind they are in its own language. */
    @Test
    void aNoteAboutAnAnswerStandsBelowIt() {
        open(new NewContextOptions().setViewportSize(360, 740));
        make(PROMPT);
        button("Talk").click();
        page.getByLabel("Message").fill("Two thanks");
        page.getByLabel("Message").press("Enter");
        Locator note = page.getByRole(AriaRole.LOG).getByRole(AriaRole.NOTE);
        assertThat(note).containsText("Note: model picturebook does not know 'Two', 'thanks'");
        assertThat(note.locator("[lang=en]")).containsText("does not know");
        assertNothingSerious("talk with a note");
        button("Deutsch").click();
        assertThat(note).containsText("Hinweis: model picturebook does not know");
    }

    @Test
    void germanForThoseWhoseBrowserIsGermanAndEnglishOnRequest() {
        open(new NewContextOptions().setLocale("de-DE"));
        assertThat(button("Bild machen")).isVisible();
        assertThat(page.locator("html")).hasAttribute("lang", "de");
        button("English").click();
        assertThat(button("Make picture")).isVisible();
        page.reload();
        assertThat(button("Make picture")).isVisible();
    }

    @Test
    void darkForThoseWhoseSystemIsDarkAndLightOnRequest() {
        open(new NewContextOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(22, 21, 19)");
        assertNothingSerious("dark");
        button("Dark or light").click();
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(247, 245, 241)");
        page.reload();
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(247, 245, 241)");
    }

    @Test
    void fitsAPhoneAndPleasesAxe() {
        open(new NewContextOptions().setViewportSize(360, 740));
        assertNothingSerious("empty");
        make(PROMPT);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        assertNothingSerious("record");
        button("Draw cells again").click();
        cell(1, 1).click();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        assertNothingSerious("marking");
        button("Talk").click();
        assertNothingSerious("talk");
    }

    @Test
    void anotherBundleAddsAPanel() {
        open(new NewContextOptions());
        button("Example").click();
        assertThat(page.getByText("Models in en: picturebook")).isVisible();
    }

    @Test
    void theTokenIsAskedForWhenItIsNeededAndNotByThePageItself() {
        open(new NewContextOptions(), guarded -> guarded.route(Pattern.compile(".*/(v1|intarsia)/.*"), route -> {
            if ("Bearer secret".equals(route.request().headers().get("authorization"))) {
                route.resume();
            } else {
                answer(route, 401, "this server asks for a token");
            }
        }));
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).isVisible();
        page.keyboard().press("Escape");
        assertThat(dialog).not().isVisible();
        // Meanwhile the page has tried again to hear of the bundles.
        page.waitForTimeout(RETRIES_MILLIS);
        assertThat(dialog).not().isVisible();
        order(PROMPT);
        page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill("secret");
        page.keyboard().press("Enter");
        page.locator(FINISHED).waitFor();
        assertThat(page.getByText("live", new Page.GetByTextOptions().setExact(true))).isVisible();
        // What could not be loaded before is loaded now.
        assertThat(button("Example")).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void aRedrawnPictureIsVerified() {
        open(new NewContextOptions());
        make(PROMPT);
        button("Draw cells again").click();
        cell(5, 1).click();
        button("Draw again: 1").click();
        assertThat(page.getByText("Cells redrawn")).isVisible();
        button("Done").click();
        button("Verify").click();
        assertThat(page.getByText("Made again, it is equal byte for byte.")).isVisible();
    }

    @Test
    void aPictureThatTheServerDoesNotKeepSaysSo() {
        open(new NewContextOptions(), failing -> failing.route("**/intarsia/history", route -> {
            if (route.request().method().equals("GET")) {
                // Another client may have left what is no picture.
                route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody("{\"entries\": [{\"id\": \"a-1\"}]}"));
            } else {
                answer(route, 500, "the disk is full");
            }
        }));
        make(PROMPT);
        assertThat(page.getByRole(AriaRole.ALERT).getByText("the disk is full")).isVisible();
        assertThat(page.locator("intarsia-history li")).hasCount(1);
    }

    @Test
    void aBrowserThatKeepsNothingShowsPicturesAllTheSame() {
        open(new NewContextOptions(), forgetful -> forgetful.addInitScript(
                "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"));
        make(PROMPT);
        assertThat(page.getByText("This browser keeps nothing for this page")).isVisible();
        assertThat(page.locator("intarsia-history li")).hasCount(1);
    }

    @Test
    void aPictureThatWaitsIsCancelledAtOnce() {
        open(new NewContextOptions());
        several(4);
        order(PROMPT);
        button("Make picture").click();
        assertThat(page.getByText("Waiting in this page").first()).isVisible();
        button("Cancel").last().click();
        assertThat(page.locator("intarsia-slot").getByText("Cancelled")).isVisible(
                new LocatorAssertions.IsVisibleOptions().setTimeout(1000));
        assertThat(page.locator("intarsia-history li")).hasCount(7,
                new LocatorAssertions.HasCountOptions().setTimeout(2 * PATIENCE_MILLIS));
    }

    @Test
    void aConnectionThatBreaksOffIsToldInTheLanguageOfThePage() {
        open(new NewContextOptions().setLocale("de-DE"), breaking -> breaking.addInitScript("""
                const send = window.fetch;
                window.fetch = (path, options) => path !== '/v1/images/generations' ? send(path, options)
                    : Promise.resolve(new Response(new ReadableStream({start: (stream) => stream.error(new TypeError('network error'))})));
                """));
        page.getByLabel("Was das Bild zeigt").fill(PROMPT);
        button("Bild machen").click();
        assertThat(page.getByText("Die Verbindung zum Server ist abgerissen.")).isVisible();
    }

    @Test
    void aWrongNumberIsShownWhereTheSettingsAreClosed() {
        open(new NewContextOptions());
        button("Settings").click();
        page.getByLabel("Temperature").fill("-1");
        button("Settings").click();
        page.getByLabel("What the picture shows").fill(PROMPT);
        button("Make picture").click();
        assertThat(page.getByLabel("Temperature")).isVisible();
        assertThat(page.getByLabel("Temperature")).isFocused();
    }

    @Test
    void onlyAHistoryIsImported() {
        open(new NewContextOptions());
        make(PROMPT);
        String picture = (String) page.evaluate("""
                async () => {
                  const at = (name) => import(new URL(name, document.querySelector('script[type=module]').src));
                  const [{history}, {toDataUrl}] = await Promise.all([at('history.js'), at('images.js')]);
                  return toDataUrl(history.entries[0].picture);
                }""");
        Locator file = page.locator("intarsia-history input[type=file]");
        String start = "{\"format\": \"intarsia-history\", \"version\": 1, \"entries\": [";
        String entry = "{\"id\": \"one\", \"prompt\": \"imported\", \"created\": 1, \"picture\": \"" + picture + "\"}";
        file.setInputFiles(json("broken.json", start + entry + ", {\"id\": \"two\"}]}"));
        assertThat(page.getByText("broken.json is not an exported history.")).isVisible();
        assertThat(page.locator("intarsia-history li")).hasCount(1);
        file.setInputFiles(json("twice.json", start + entry + ", " + entry + "]}"));
        assertThat(page.getByText("Pictures imported: 1")).isVisible();
        button("imported").click();
        assertThat(page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName("imported"))).isVisible();
    }

    private static FilePayload json(String name, String text) {
        return new FilePayload(name, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(Route route, int status, String message) {
        route.fulfill(new Route.FulfillOptions().setStatus(status).setContentType("application/json")
                .setBody("{\"error\": {\"message\": \"" + message + "\"}}"));
    }

    /** Makes the pictures of the README, where {@code -Dintarsia.screenshots=FOLDER} asks for them. */
    @Test
    @EnabledIfSystemProperty(named = "intarsia.screenshots", matches = ".+")
    void screenshots() {
        Path target = Path.of(System.getProperty("intarsia.screenshots"));
        open(new NewContextOptions().setViewportSize(1280, 860));
        // Without the panel of these tests.
        page.route("**/intarsia/panels", route -> route.fulfill(new Route.FulfillOptions().setBody("{\"panels\": []}")));
        page.reload();
        for (String prompt : List.of("three yellow boats at night", "a green star right of a red house", "a white circle at night")) {
            make(prompt);
        }
        several(2);
        order(PROMPT);
        page.locator("canvas:not([data-previews='0'], [data-previews='1'], [data-previews='2'])").first().waitFor();
        page.screenshot(new Page.ScreenshotOptions().setPath(target.resolve("page-forming.png")));
        button("Use backend opencl").click();
        page.locator(FINISHED).nth(1).waitFor();
        page.locator(FINISHED).first().click();
        button("Draw cells again").click();
        Stream.of(cell(5, 1), cell(5, 2), cell(6, 1), cell(6, 2)).forEach(Locator::click);
        assertThat(button("Use backend opencl")).hasAttribute("aria-pressed", "true");
        page.screenshot(new Page.ScreenshotOptions().setPath(target.resolve("page-bundles.png")));
        button("Use backend cpu").click();
        assertThat(button("Use backend cpu")).hasAttribute("aria-pressed", "true");
    }

    /** Opens the page in a browser that knows nothing yet. Faults of scripts and requests to other hosts fail the test. */
    private void open(NewContextOptions options) {
        open(options, _ -> { });
    }

    /** @param before prepares the browser before the page is loaded */
    private void open(NewContextOptions options, Consumer<BrowserContext> before) {
        context = browser.newContext(options.setLocale(options.locale == null ? "en-GB" : options.locale));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        before.accept(context);
        page = context.newPage();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                faults.add(message.text());
            }
        });
        String host = URI.create(served.at()).getAuthority();
        page.onRequest(request -> {
            URI uri = URI.create(request.url());
            if (uri.getScheme().startsWith("http") && !host.equals(uri.getAuthority())) {
                faults.add("request to " + request.url());
            }
        });
        page.navigate(served.at());
    }

    private void order(String prompt) {
        if (!page.getByLabel("Seed").isVisible()) {
            button("Settings").click();
        }
        page.getByLabel("Seed").fill(SEED);
        page.getByLabel("What the picture shows").fill(prompt);
        button("Make picture").click();
    }

    private void several(int count) {
        page.getByLabel("Pictures: " + count).check(new Locator.CheckOptions().setForce(true));
    }

    private void make(String prompt) {
        order(prompt);
        page.locator(FINISHED).waitFor();
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator cell(int row, int column) {
        String name = "Row " + row + ", column " + column;
        return page.getByRole(AriaRole.GRIDCELL, new GetByRoleOptions().setName(name).setExact(true));
    }

    /** Returns the numbers of the cells in which the picture shown differs from the one that was remembered. */
    @SuppressWarnings("unchecked")
    private List<Integer> changedCells() {
        return (List<Integer>) page.evaluate(script("changed-cells.js"));
    }

    private void assertNothingSerious(String state) {
        assertThat(new AxeBuilder(page).analyze().getViolations().stream()
                .filter(rule -> rule.getImpact().equals("serious") || rule.getImpact().equals("critical"))
                .map(rule -> rule.getId() + " " + rule.getNodes())).as(state).isEmpty();
    }

    private static String script(String name) {
        try (InputStream in = PageIT.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private static void skip(String reason) {
        // Maven counts what is skipped, and does not say why.
        System.out.println("[WARNING] " + reason);
        assertThat(Boolean.getBoolean("require.devices")).as(reason).isFalse();
        Assumptions.abort(reason);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new AssertionError("cannot be closed", e);
        }
    }
}
