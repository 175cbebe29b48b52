package org.intarsia.shell.command;

import java.util.List;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Chooses the backend that models run on, to which generations in flight move at their next token, or a component, which
 * new generations take.
 */
@Component(service = Command.class)
@IntarsiaCommand("use")
public final class Use implements Command {
    private static final String BACKEND = "backend";

    private final Engine engine;

    @Activate
    public Use(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("use", "chooses a backend, also for what runs now, or a component, for what begins from now on")
                .required("WHAT", "backend, tokenizer, vision-encoder, transformer-core or image-decoder")
                .required("NAME", "its name, as `backends` or `components` lists it")
                .words("WHAT", BACKEND, "tokenizer", "vision-encoder", "transformer-core", "image-decoder")
                .values("NAME", Syntax.Kind.PART)
                .example("use backend vulkan", "moves whatever runs, pictures in the midst of being made too")
                .example("use image-decoder chameleon-vq", "new generations take it; those that run keep theirs");
    }

    /** With the first word, the names that may follow it are known. */
    @Override
    public Command chosen(List<String> words) {
        if (words.isEmpty()) {
            return this;
        }
        Syntax syntax = Syntax.of("use " + words.getFirst(), syntax().summary()).required("NAME", "its name");
        String kind = words.getFirst().replace('-', ' ');
        return new Named(words.getFirst().equals(BACKEND) ? syntax.values("NAME", Syntax.Kind.BACKEND)
                : syntax.words("NAME", engine.components().stream().filter(component -> component.kind().equals(kind))
                        .map(ComponentInfo::name).distinct().toArray(String[]::new)));
    }

    /** Stands for this command when the second word is completed. */
    private record Named(Syntax syntax) implements Command {
        @Override
        public Result run(Arguments arguments, Console console) {
            throw new IllegalStateException("only its syntax is asked for");
        }
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        String what = arguments.text("WHAT");
        String name = arguments.text("NAME");
        if (what.equals(BACKEND)) {
            engine.useBackend(name);
            return new Result(new Chosen(what, name), "models run on " + name + " now");
        }
        String kind = what.replace('-', ' ');
        engine.useComponent(kind, name);
        return new Result(new Chosen(kind, name), "new generations take the " + kind + " " + name);
    }

    /**
     * What {@code --json} prints.
     *
     * @param what {@code backend}, or the kind of component
     * @param name its name
     */
    public record Chosen(String what, String name) {
    }
}
