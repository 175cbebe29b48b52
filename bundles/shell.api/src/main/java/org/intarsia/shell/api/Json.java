package org.intarsia.shell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;
import org.intarsia.text.Quoted;

/** Values as JSON. A class of its own, so that Jackson is loaded only when somebody asks for it. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(new OptionalSerializer())
                    .addSerializer(Long.class, new LongSerializer()).addSerializer(long.class, new LongSerializer())).build();

    private Json() {
    }

    /** One line without a line break. What is optional is the value itself, or null. */
    public static String line(Object value) throws JsonProcessingException {
        // Only texts hold such characters in JSON, where an escape stands for the same text.
        return Quoted.lines(MAPPER.writeValueAsString(value));
    }

    /** Most programs read numbers of JSON as binary64, which has 53 bits: longer ones, such as seeds, are texts. */
    private static final class LongSerializer extends StdSerializer<Long> {
        private static final long serialVersionUID = 1L;
        private static final long LONGEST = 1L << 53;

        LongSerializer() {
            super(Long.class);
        }

        @Override
        public void serialize(Long value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (value > LONGEST || value < -LONGEST) {
                json.writeString(value.toString());
            } else {
                json.writeNumber(value);
            }
        }
    }

    /** Jackson has one in a module of its own, with much else. */
    private static final class OptionalSerializer extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        OptionalSerializer() {
            super(Optional.class, false);
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), json);
        }
    }
}
