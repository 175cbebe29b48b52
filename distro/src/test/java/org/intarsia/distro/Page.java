package org.intarsia.distro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, as its blocks of code.
 *
 * @param name   its path from the root of the tree
 * @param blocks in their order
 */
record Page(String name, List<Block> blocks) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("( *)(`{3,})(\\S*)(?: +(\\S+))?.*");
    private static final Pattern REASON = Pattern.compile(" *<!-- not tested: (.*) -->");
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#(?:\\s.*)?$");
    private static final String PROMPT = "$ ";

    /**
     * A fenced block.
     *
     * @param language what follows the fence; {@code sh} for commands, {@code console} for commands with their output
     * @param option   what follows the language, such as {@code no-test}
     * @param reason   why it is not tested, as the comment above it says
     * @param line     the number of its first line
     */
    record Block(String language, String option, Optional<String> reason, int line, List<String> lines) {
        boolean isTested() {
            return !option.equals("no-test");
        }

        String text() {
            return String.join("\n", lines);
        }

        /** The commands of a block of {@code sh} or {@code console}. */
        List<Command> commands() {
            List<Command> commands = new ArrayList<>();
            List<String> left = new ArrayList<>(lines);
            while (!left.isEmpty()) {
                int number = line + lines.size() - left.size();
                String command = plain(left.removeFirst());
                if (language.equals("console")) {
                    command = command.substring(PROMPT.length());
                }
                while (command.endsWith("\\") || command.chars().filter(c -> c == '\'').count() % 2 == 1) {
                    command = command.endsWith("\\") ? command.replaceFirst("\\s*\\\\$", " ") + left.removeFirst().strip()
                            : command + "\n" + left.removeFirst();
                }
                StringBuilder output = new StringBuilder();
                while (language.equals("console") && !left.isEmpty() && !left.getFirst().startsWith(PROMPT)) {
                    output.append(left.removeFirst()).append('\n');
                }
                if (!command.isBlank()) {
                    commands.add(new Command(number, command, Optional.of(output.toString()).filter(shown -> !shown.isBlank())));
                }
            }
            return commands;
        }

        private static String plain(String line) {
            return COMMENT.matcher(line).replaceFirst("");
        }
    }

    /**
     * A command of a page.
     *
     * @param line   the number of its line
     * @param text   as it is typed
     * @param output what the page shows; empty where it shows nothing
     */
    record Command(int line, String text, Optional<String> output) {
    }

    /** The README and every page of {@code docs}. */
    static Stream<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>(List.of(read(ROOT.resolve("README.md"))));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
                pages.add(read(file));
            }
        }
        return pages.stream();
    }

    private static Page read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Optional<String> reason = Optional.empty();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            Matcher comment = REASON.matcher(lines.get(i));
            if (fence.matches()) {
                int begin = i + 1;
                String end = fence.group(1) + fence.group(2);
                do {
                    i++;
                } while (!lines.get(i).equals(end));
                List<String> content = lines.subList(begin, i).stream().map(line -> line.replaceFirst("^" + fence.group(1), "")).toList();
                blocks.add(new Block(fence.group(3), Optional.ofNullable(fence.group(4)).orElse(""), reason, begin + 1, content));
                reason = Optional.empty();
            } else if (comment.matches()) {
                reason = Optional.of(comment.group(1));
            } else if (!lines.get(i).isBlank()) {
                reason = Optional.empty();
            }
        }
        return new Page(ROOT.relativize(file).toString(), blocks);
    }

    @Override
    public String toString() {
        return name;
    }
}
