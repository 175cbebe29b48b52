package org.intarsia.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that want more than to write a conversation: each ends in one sentence. */
@Timeout(60)
class HostileTemplatesTest {
    private final JinjaChatRenderer renderer = new JinjaChatRenderer();

    private String render(String template) {
        return renderer.render(new ChatTemplate(template, Map.of(), List.of()), List.of(new Message("user", "hi")), Map.of()).text();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in range(1000000000) %}x{% endfor %}",
        "{% set ns = namespace(s='xxxxxxxx') %}{% for a in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s='xxxxxxxx') %}{% for a in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for a in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=['x']) %}{% for a in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s='x') %}{% for a in range(64) %}{% set ns.s = ns.s.replace('x', 'xxxxxxxx') %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s='x') %}{% for a in range(64) %}{% set ns.s = [ns.s, ns.s, ns.s] | join(ns.s) %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% macro a(n) %}{{ a(n) }}{{ a(n) }}{% endmacro %}{{ a(1) }}",
        "{{ ''.getClass() }}",
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{{ messages.getClass() }}",
        "{{ messages[0].getOrDefault('a', 'b') }}",
        "{{ ____int3rpr3t3r____.getContext() }}",
        "{{ ____int3rpr3t3r____.render('x') }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'a': 1}) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'file:///etc/passwd' as x %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends 'classpath:x' %}",
        "{% do messages.clear() %}",
        "{{ 'a' | render }}",
        "{{ 'a' | log }}",
        "{{ '{{ 1 }}' | fromyaml }}",
        "{{ type(messages) }}",
        "{{ today() }}",
        "{{ unknown_function() }}",
        "{{ 1 | nothing }}",
        "{{ 1 is nothing }}",
        "{{ 1 +",
        "{% if x %}",
        "{% endif %}",
        "{% for %}{% endfor %}",
        "{{ 'x",
        "{# x",
        "{% raw %} x",
        "{{ (1 }}",
    })
    void endsInOneSentence(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(ModelException.class).satisfies(thrown -> {
            assertThat(thrown.getMessage()).startsWith("the chat template of the model cannot be used: ").hasLineCount(1)
                    .hasSizeLessThan(400).doesNotContain("Exception").doesNotContain("com.hubspot");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ ''.class }}", "{{ messages.class }}", "{{ messages[0].class.name }}", "{{ loop.class }}",
        "{{ ____int3rpr3t3r____.context }}", "{{ ____int3rpr3t3r____.config.elResolver }}", "{{ strftime_now.name }}",
        "{% for m in messages %}{{ loop.class }}{{ loop.iterator }}{% endfor %}"})
    void noPropertyOfJavaIsThere(String template) {
        assertThat(render(template)).isEmpty();
    }

    @Test
    void whatIsNestedDeepEnds() {
        String deep = "(".repeat(20_000) + "1" + ")".repeat(20_000);
        assertThatThrownBy(() -> render("{{ " + deep + " }}")).isInstanceOf(ModelException.class);
        String ifs = "{% if true %}".repeat(20_000) + "{% endif %}".repeat(20_000);
        assertThatThrownBy(() -> render(ifs)).isInstanceOf(ModelException.class);
    }

    @Test
    void aLongTemplateIsRefused() {
        assertThatThrownBy(() -> render("x".repeat(2 << 20))).isInstanceOf(ModelException.class).hasMessageContaining("longer than");
    }

    @Test
    void whatAMessageSaysIsNoTemplate() {
        String text = renderer.render(new ChatTemplate("{{ messages[0].content }}", Map.of(), List.of()),
                List.of(new Message("user", "{{ 1 + 1 }}{% raw %}{# x #}")), Map.of()).text();
        assertThat(text).isEqualTo("{{ 1 + 1 }}{% raw %}{# x #}");
    }

    @Test
    void ordinaryTemplatesTakeNoTime() {
        render("{{ messages[0].content }}");
        long begin = System.nanoTime();
        render("{% for m in messages %}{{ m.role }}{% endfor %}");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }
}
