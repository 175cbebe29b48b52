package org.example.palette.command;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Component;

/** Tells the commonest colours of a picture. */
@Component(service = Command.class)
@IntarsiaCommand("palette")
public final class Palette implements Command {
    private static final String COUNT = "--count";
    private static final String ORDER = "--order";
    private static final int USUAL_COUNT = 5;

    @Override
    public Syntax syntax() {
        return Syntax.of("palette", "tells the commonest colours of a picture")
                .required("FILE", "the picture")
                .option(COUNT, "N", "how many colours; " + USUAL_COUNT + " where not given")
                .option(ORDER, "ORDER", "what comes first: common or bright; common where not given")
                .words(ORDER, "common", "bright")
                .example("palette star.png --count 3", "three colours, the commonest first");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, IOException {
        Path file = arguments.path("FILE").orElseThrow();
        int count = arguments.integer(COUNT, USUAL_COUNT, 1, 1000);
        BufferedImage picture = ImageIO.read(file.toFile());
        if (picture == null) {
            throw new IOException(file + " is no picture that Java can read: convert it to PNG");
        }
        List<Colour> colours = new ArrayList<>(colours(picture).stream().limit(count).toList());
        if (arguments.value(ORDER).filter("bright"::equals).isPresent()) {
            colours.sort(Comparator.comparingInt(Colour::brightness).reversed());
        }
        return new Result(colours, colours.stream().map(Colour::toString).collect(Collectors.joining("\n")));
    }

    private static List<Colour> colours(BufferedImage picture) {
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        Map<Integer, Long> counts = Arrays.stream(pixels).mapToObj(pixel -> pixel & 0xFFFFFF)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> new Colour(String.format(Locale.ROOT, "#%06x", entry.getKey()), 100.0 * entry.getValue() / pixels.length))
                .sorted(Comparator.comparingDouble(Colour::percent).reversed().thenComparing(Colour::colour)).toList();
    }

    /**
     * A colour, for people, scripts and {@code --json}.
     *
     * @param colour  red, green and blue, as in {@code #ff8000}
     * @param percent how much of the picture has it
     */
    public record Colour(String colour, double percent) {
        private int brightness() {
            int rgb = Integer.parseInt(colour.substring(1), 16);
            return 299 * (rgb >> 16) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %5.1f %%", colour, percent);
        }
    }
}
