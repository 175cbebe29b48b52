package org.intarsia.backend.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A kernel in the dialect of the files in {@code kernels/}: the part of C that OpenCL C and GLSL share, plus the names
 * that {@code dialects/} defines for both, and these lines:
 *
 * <pre>
 * #group 256               how many threads a group has, or the name of a constant that says it
 * #constant WIDTH          an integer that {@link #with} gives: a specialisation constant in GLSL, whose text is then the
 *                          same for all values, and a macro in OpenCL C
 * #in float x              an array that is read; its bindings are in the order of these lines
 * #out float y             an array that is written, or read and written
 * #in int slot if SLOT     an array that is there only when SLOT is defined
 * #shared float sums[256]  memory that the threads of a group share
 * #use math                the functions of another file, math.kernel
 * #extension NAME : enable an extension of GLSL
 * #main                    what follows is the kernel; what stands before are its functions and macros
 * </pre>
 *
 * @param name    of the file
 * @param defines macros that choose a variant, in alphabetical order
 * @param lines   of the file
 */
public record KernelSource(String name, Map<String, String> defines, List<String> lines) {
    private static final List<String> DIRECTIVES = List.of("#group ", "#constant ", "#in ", "#out ", "#shared ",
            "#extension ");
    private static final Map<String, KernelSource> FILES = new ConcurrentHashMap<>();

    public KernelSource {
        defines = Collections.unmodifiableMap(new TreeMap<>(defines));
        lines = List.copyOf(lines);
    }

    /** The kernel of the file {@code kernels/NAME.kernel}. */
    public static KernelSource of(String name) {
        return FILES.computeIfAbsent(name, file -> new KernelSource(file, Map.of(), resource("kernels/" + file + ".kernel")));
    }

    /** The same with one more macro. */
    public KernelSource with(String macro, Object value) {
        Map<String, String> more = new TreeMap<>(defines);
        more.put(macro, value.toString());
        return new KernelSource(name, more, lines);
    }

    /** Threads of one group. */
    public int group() {
        return Integer.parseInt(defines.getOrDefault(groupText(), groupText()));
    }

    private String groupText() {
        return after("#group ").findFirst()
                .orElseThrow(() -> new IllegalStateException("kernel " + name + " does not say '#group'"));
    }

    /** The values of its constants, in the order of their declarations. */
    public int[] constants() {
        return constantNames().stream().mapToInt(constant -> Integer.parseInt(defines.get(constant))).toArray();
    }

    private List<String> constantNames() {
        return after("#constant ").toList();
    }

    /** What follows this word where lines begin with it. */
    private Stream<String> after(String directive) {
        return lines.stream().filter(line -> line.startsWith(directive))
                .map(line -> line.substring(directive.length()).trim());
    }

    /** How many arrays this variant has. */
    public int arrays() {
        return declarations().size();
    }

    /** Which of its arrays it writes, counted from 0. */
    public Set<Integer> written() {
        List<Declaration> arrays = declarations();
        return IntStream.range(0, arrays.size()).filter(array -> arrays.get(array).out()).boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** One array: {@code out} for one that is written. */
    private record Declaration(boolean out, String type, String array) {
    }

    private List<Declaration> declarations() {
        List<Declaration> found = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("#in ") || line.startsWith("#out ")) {
                String[] words = line.trim().split("\\s+");
                if (words.length == 3 || defines.containsKey(words[4])) {
                    found.add(new Declaration(words[0].equals("#out"), words[1], words[2]));
                }
            }
        }
        return found;
    }

    /** The whole source, for {@link Driver#compile}, with what the driver's device offers. */
    public String text(Driver driver) {
        boolean glsl = driver.dialect() == Dialect.GLSL;
        String body = body(glsl);
        Map<String, String> macros = new TreeMap<>(defines);
        StringBuilder text = new StringBuilder();
        if (glsl) {
            text.append("#version 450\n");
            append(text, lines.stream().filter(line -> line.startsWith("#extension ")).toList());
            declareConstants(text);
            macros.keySet().removeAll(constantNames());
        }
        // Kernels that ask for none of these are the same on all devices.
        Map.of("SUBGROUPS", driver.subgroups(), "SIDE_BY_SIDE", driver.sideBySide(), "DOT_PRODUCTS", driver.dotProducts())
                .forEach((trait, offered) -> {
                    if (body.contains(trait)) {
                        macros.put(trait, offered ? "1" : "0");
                    }
                });
        macros.forEach((macro, value) -> text.append("#define ").append(macro).append(' ').append(value).append('\n'));
        text.append("#define GROUP_SIZE ").append(groupText()).append('\n');
        append(text, resource("dialects/" + (glsl ? "glsl" : "opencl") + ".txt"));
        return text.append(body).toString();
    }

    private String body(boolean glsl) {
        StringBuilder text = new StringBuilder();
        int main = lines.indexOf("#main");
        if (main < 0) {
            throw new IllegalStateException("kernel " + name + " does not say '#main'");
        }
        for (String line : lines.subList(0, main)) {
            if (line.startsWith("#use ")) {
                append(text, resource("kernels/" + line.substring("#use ".length()).trim() + ".kernel"));
            } else if (!isDirective(line)) {
                text.append(line).append('\n');
            }
        }
        List<String> shared = after("#shared ").toList();
        if (glsl) {
            glsl(text, shared);
        } else {
            openCl(text, shared);
        }
        append(text, lines.subList(main + 1, lines.size()));
        return text.append("}\n").toString();
    }

    private static boolean isDirective(String line) {
        return DIRECTIVES.stream().anyMatch(line::startsWith);
    }

    private void declareConstants(StringBuilder text) {
        List<String> constants = constantNames();
        for (int i = 0; i < constants.size(); i++) {
            // The number is never used; as a divisor and as the size of an array it must do.
            text.append("layout(constant_id = ").append(i).append(") const int ").append(constants.get(i))
                    .append(" = 64;\n");
        }
    }

    private void openCl(StringBuilder text, List<String> shared) {
        text.append("kernel __attribute__((reqd_work_group_size(").append(group()).append(", 1, 1))) void run(");
        for (Declaration array : declarations()) {
            text.append(array.out() ? "global " : "global const ").append(array.type()).append("* ").append(array.array())
                    .append(", ");
        }
        text.append("global const int* parameters, int start) {\n");
        shared.forEach(line -> text.append("local ").append(line).append(";\n"));
    }

    private void glsl(StringBuilder text, List<String> shared) {
        int constant = constantNames().indexOf(groupText());
        text.append("layout(local_size_x").append(constant < 0 ? " = " + groupText() : "_id = " + constant).append(") in;\n");
        int binding = 0;
        for (Declaration array : declarations()) {
            text.append("layout(std430, binding = ").append(binding).append(array.out() ? ") buffer Array" : ") readonly buffer Array")
                    .append(binding++).append(" { ").append(array.type()).append(' ').append(array.array()).append("[]; };\n");
        }
        text.append("layout(std430, binding = ").append(binding).append(") readonly buffer Parameters { int parameters[]; };\n")
                .append("layout(push_constant) uniform First { int start; };\n");
        shared.forEach(line -> text.append("shared ").append(line).append(";\n"));
        text.append("void main() {\n");
    }

    private static void append(StringBuilder text, List<String> lines) {
        lines.forEach(line -> text.append(line).append('\n'));
    }

    private static List<String> resource(String path) {
        try (InputStream stream = KernelSource.class.getResourceAsStream("/" + path)) {
            if (stream == null) {
                throw new IllegalStateException("there is no file " + path + " in the bundle");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
