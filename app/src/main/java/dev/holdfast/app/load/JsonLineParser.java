package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Rejected;
import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.base.Bytes;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Lines that are JSON objects with a key and a value.
///
/// Text is taken as UTF-8, numbers with all their digits, booleans as words, objects and arrays as
/// compact JSON. The field names followed by `64` hold bytes in base 64, as `scan --json` prints
/// them.
public record JsonLineParser(String keyField, String valueField) implements LineParser {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    @Override
    public Parsed parse(Bytes line) {
        if (line.isEmpty()) return new Rejected("empty line");
        try {
            JsonNode object = JSON.readTree(line.array(), line.offset(), line.length());
            if (!object.isObject()) return new Rejected("not a JSON object");
            Bytes key = field(object, keyField);
            if (key.isEmpty()) return new Rejected("empty key");
            return new Row(key, field(object, valueField));
        } catch (JacksonException malformed) {
            return new Rejected("not JSON: " + malformed.getOriginalMessage());
        } catch (IllegalArgumentException malformed) {
            return new Rejected(String.valueOf(malformed.getMessage()));
        }
    }

    private static Bytes field(JsonNode object, String name) {
        JsonNode encoded = object.get(name + "64");
        if (encoded != null) return Bytes.wrap(Base64.getDecoder().decode(encoded.asString()));
        JsonNode plain = object.get(name);
        if (plain == null || plain.isNull())
            throw new IllegalArgumentException("no field `" + name + "`");
        return Bytes.utf8(plain.isValueNode() ? plain.asString() : plain.toString());
    }
}
