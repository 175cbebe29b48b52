package org.intarsia.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.intarsia.chat.python.RenderGuard;

/**
 * Jinja as transformers sets it up, made of jinjava through its extension points. What jinjava has beside it is disabled:
 * templates of models include no files, and reach no Java object.
 */
final class Dialect {
    private static final Set<String> TAGS = Set.of("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro",
            "call", "endcall", "break", "continue");
    private static final Set<String> OWN_TAGS = Set.of("generation", "endgeneration");
    private static final Set<String> TESTS = Set.of("==", "!=", "<", "<=", ">", ">=", "eq", "equalto", "ne", "lt", "le", "gt", "ge",
            "lessthan", "greaterthan", "in", "divisibleby", "even", "odd", "lower", "upper", "sameas", "truthy");
    private static final Set<String> FUNCTIONS = Set.of(":range", ":namespace");

    private Dialect() {
    }

    static Jinjava create() {
        LegacyOverrides jinja = LegacyOverrides.newBuilder().withEvaluateMapKeys(true).withIterateOverMapKeys(true)
                .withUsePyishObjectMapper(true).withUseNaturalOperatorPrecedence(true).withAllowAdjacentTextNodes(true)
                .withKeepNullableLoopValues(true).withHandleBackslashInQuotesOnly(true).build();
        JinjavaConfig config = JinjavaConfig.newBuilder().withLegacyOverrides(jinja).withNestedInterpretationEnabled(false)
                .withElResolver(new TemplateResolver()).withDisabled(disabled())
                .withMaxOutputSize(RenderGuard.LONGEST).withMaxStringLength(RenderGuard.LONGEST)
                .withMaxListSize(RenderGuard.MOST_ITEMS).withMaxMapSize(RenderGuard.MOST_ITEMS).withRangeLimit(RenderGuard.MOST_ITEMS)
                .withMaxRenderDepth(8).withEnableRecursiveMacroCalls(true).withMaxMacroRecursionDepth(64)
                .withFailOnUnknownTokens(false).build();
        Jinjava jinjava = new Jinjava(config);
        jinjava.setResourceLocator((name, _, _) -> {
            throw new ResourceNotFoundException(name);
        });
        Context context = jinjava.getGlobalContext();
        for (Tag tag : new Tag[] {new LoopTag(), new AssignTag(), new TemplateMacroTag(), new GenerationTag()}) {
            context.registerTag(tag);
        }
        TemplateFilters.all().forEach(context::registerFilter);
        TemplateTests.all().forEach(context::registerExpTest);
        TemplateFunctions.all().forEach(context::registerFunction);
        return jinjava;
    }

    /** Returns whether there is a tag of that name. */
    static boolean hasTag(String name) {
        return TAGS.contains(name) || OWN_TAGS.contains(name);
    }

    /** Returns whether there is a test of that name. */
    static boolean hasTest(String name) {
        return TESTS.contains(name) || TemplateTests.names().contains(name);
    }

    /** Returns what jinjava brings and Jinja has not, or has otherwise: all but what is named above. */
    private static Map<Context.Library, Set<String>> disabled() {
        Context all = new Jinjava().getGlobalContext();
        Map<Context.Library, Set<String>> disabled = new EnumMap<>(Context.Library.class);
        disabled.put(Context.Library.TAG, others(all.getAllTags(), TAGS, Set.of("for", "set", "macro")));
        disabled.put(Context.Library.FILTER, others(all.getAllFilters(), Set.of(), TemplateFilters.names()));
        disabled.put(Context.Library.EXP_TEST, others(all.getAllExpTests(), TESTS, TemplateTests.names()));
        disabled.put(Context.Library.FUNCTION, all.getAllFunctions().stream().map(ELFunctionDefinition::getName)
                .filter(name -> !FUNCTIONS.contains(name)).collect(Collectors.toSet()));
        return disabled;
    }

    private static Set<String> others(Collection<? extends Importable> all, Set<String> kept, Set<String> replaced) {
        Set<String> names = all.stream().map(Importable::getName).collect(Collectors.toCollection(HashSet::new));
        names.removeAll(kept);
        names.removeAll(replaced);
        return names;
    }
}
