package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Values;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `string.format`, which prints as C's printf does.
final class Format {
    private static final int SHORT = 100; // longer strings are not cut where there is no precision

    private Format() {}

    /// What stands between the percent sign and the letter.
    ///
    /// @param precision -1 if there is none
    private record Style(String flags, int width, int precision) {
        boolean has(char flag) {
            return 0 <= flags.indexOf(flag);
        }

        String sign(String digits) {
            if (digits.startsWith("-")) return digits;
            return has('+') ? "+" + digits : has(' ') ? " " + digits : digits;
        }

        String padded(String text) {
            String blanks = " ".repeat(Math.max(0, width - text.length()));
            return has('-') ? text + blanks : blanks + text;
        }

        String zeroPadded(String number) {
            if (!has('0') || has('-') || width <= number.length()) return padded(number);
            int sign =
                    number.startsWith("-") || number.startsWith("+") || number.startsWith(" ")
                            ? 1
                            : 0;
            if (number.startsWith("0x", sign) || number.startsWith("0X", sign)) sign += 2;
            String zeros = "0".repeat(width - number.length());
            return number.substring(0, sign) + zeros + number.substring(sign);
        }
    }

    static @Nullable Object[] format(Call call) {
        LuaString format = call.string(1);
        var out = new TextBuffer(call.machine());
        int argument = 1;
        for (int i = 0; i < format.length(); i++) {
            int letter = format.at(i);
            if (letter != '%') {
                out.add(letter);
                continue;
            }
            if (++i < format.length() && format.at(i) == '%') {
                out.add('%');
                continue;
            }
            if (call.count() < ++argument) throw call.bad(argument, "no value");
            int end = endOfStyle(format, i);
            Style style = style(format.slice(i, end));
            int kind = end < format.length() ? format.at(end) : 0;
            add(out, call, argument, new Directive(kind, style));
            i = end;
        }
        return one(out.done());
    }

    private record Directive(int kind, Style style) {}

    private static int endOfStyle(LuaString format, int from) {
        int at = from;
        while (at < format.length() && 0 <= "-+ #0".indexOf(format.at(at))) at++;
        if (5 < at - from) throw LuaError.located("invalid format (repeated flags)");
        at = digits(format, at);
        if (at < format.length() && format.at(at) == '.') at = digits(format, at + 1);
        if (at < format.length() && isDigit(format.at(at)))
            throw LuaError.located("invalid format (width or precision too long)");
        return at;
    }

    private static int digits(LuaString format, int from) {
        int at = from;
        while (at < format.length() && at < from + 2 && isDigit(format.at(at))) at++;
        return at;
    }

    private static boolean isDigit(int letter) {
        return '0' <= letter && letter <= '9';
    }

    private static Style style(LuaString written) {
        String text = written.text();
        int at = 0;
        while (at < text.length() && 0 <= "-+ #0".indexOf(text.charAt(at))) at++;
        int dot = text.indexOf('.');
        String width = text.substring(at, dot < 0 ? text.length() : dot);
        String precision = dot < 0 ? "" : text.substring(dot + 1);
        return new Style(
                text.substring(0, at),
                width.isEmpty() ? 0 : Integer.parseInt(width),
                dot < 0 ? -1 : precision.isEmpty() ? 0 : Integer.parseInt(precision));
    }

    private static void add(TextBuffer out, Call call, int argument, Directive directive) {
        Style style = directive.style;
        char kind = (char) directive.kind;
        switch (kind) {
            case 'c' -> {
                String letter = (char) (call.small(argument) & 0xff) + "";
                out.add(style.padded(letter));
            }
            case 'd', 'i' -> out.add(integer(style, call.integer(argument)));
            case 'o', 'u', 'x', 'X' -> out.add(unsigned(style, call.integer(argument), kind));
            case 'e', 'E', 'f', 'F', 'g', 'G' -> {
                if (kind == 'F') throw invalid(kind);
                out.add(real(style, call.number(argument), kind));
            }
            case 'q' -> quote(out, call.string(argument));
            case 's' -> {
                LuaString text = call.string(argument);
                if (style.precision < 0 && SHORT <= text.length()) out.add(text);
                else out.add(style.padded(cut(text, style.precision)));
            }
            default -> throw invalid(directive.kind);
        }
    }

    private static LuaError invalid(int kind) {
        return LuaError.located(
                "invalid option '%" + (kind == 0 ? "" : (char) kind) + "' to 'format'");
    }

    // A zero byte ends a string of C.
    private static String cut(LuaString text, int precision) {
        String shown = new String(text.array(), StandardCharsets.ISO_8859_1);
        int zero = shown.indexOf('\0');
        int end = zero < 0 ? shown.length() : zero;
        return shown.substring(0, precision < 0 ? end : Math.min(end, precision));
    }

    private static String integer(Style style, long value) {
        String digits = Long.toString(value).replace("-", "");
        digits = withPrecision(style, digits, value);
        String signed = style.sign(value < 0 ? "-" + digits : digits);
        return style.precision < 0 ? style.zeroPadded(signed) : style.padded(signed);
    }

    private static String withPrecision(Style style, String digits, long value) {
        if (style.precision == 0 && value == 0) return "";
        return "0".repeat(Math.max(0, style.precision - digits.length())) + digits;
    }

    private static String unsigned(Style style, long value, char kind) {
        String digits =
                switch (kind) {
                    case 'o' -> Long.toOctalString(value);
                    case 'u' -> Long.toUnsignedString(value);
                    case 'x' -> Long.toHexString(value);
                    default -> Long.toHexString(value).toUpperCase(Locale.ROOT);
                };
        digits = withPrecision(style, digits, value);
        if (style.has('#') && kind == 'o' && !digits.startsWith("0")) digits = "0" + digits;
        boolean isHex = kind == 'x' || kind == 'X';
        if (style.has('#') && isHex && value != 0) digits = "0" + kind + digits;
        return style.precision < 0 ? style.zeroPadded(digits) : style.padded(digits);
    }

    private static String real(Style style, double value, char kind) {
        boolean isUpper = 'A' <= kind && kind <= 'Z';
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            String name = style.sign(Values.general(value, 1));
            return style.padded(isUpper ? name.toUpperCase(Locale.ROOT) : name);
        }
        int precision = style.precision < 0 ? 6 : style.precision;
        String digits =
                switch (Character.toLowerCase(kind)) {
                    case 'f' -> fixed(style, Math.abs(value), precision);
                    case 'e' -> scientific(style, Math.abs(value), precision);
                    default -> general(style, Math.abs(value), Math.max(1, precision));
                };
        String signed = style.sign(Values.isNegative(value) ? "-" + digits : digits);
        return style.zeroPadded(isUpper ? signed.toUpperCase(Locale.ROOT) : signed);
    }

    private static String fixed(Style style, double value, int precision) {
        String digits =
                new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return precision == 0 && style.has('#') ? digits + "." : digits;
    }

    private static String scientific(Style style, double value, int precision) {
        int exponent = 0;
        String digits = "0".repeat(precision + 1);
        if (value != 0) {
            BigDecimal rounded =
                    new BigDecimal(value)
                            .round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
            exponent = rounded.precision() - rounded.scale() - 1;
            digits = rounded.unscaledValue().toString();
            digits += "0".repeat(Math.max(0, precision + 1 - digits.length()));
            digits = digits.substring(0, precision + 1);
        }
        String point = 0 < precision || style.has('#') ? "." : "";
        String power = (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "");
        return digits.charAt(0) + point + digits.substring(1) + power + Math.abs(exponent);
    }

    private static String general(Style style, double value, int precision) {
        int exponent = 0;
        if (value != 0) {
            BigDecimal rounded =
                    new BigDecimal(value).round(new MathContext(precision, RoundingMode.HALF_EVEN));
            exponent = rounded.precision() - rounded.scale() - 1;
        }
        boolean isFixed = -4 <= exponent && exponent < precision;
        String digits =
                isFixed
                        ? fixed(style, value, precision - 1 - exponent)
                        : scientific(style, value, precision - 1);
        if (style.has('#') || digits.indexOf('.') < 0) return digits;
        int power = digits.indexOf('e');
        String head = power < 0 ? digits : digits.substring(0, power);
        return head.replaceAll("\\.?0+$", "") + (power < 0 ? "" : digits.substring(power));
    }

    private static void quote(TextBuffer out, LuaString text) {
        out.add('"');
        for (int i = 0; i < text.length(); i++) {
            int letter = text.at(i);
            switch (letter) {
                case '"', '\\', '\n' -> out.add('\\').add(letter);
                case '\r' -> out.add("\\r");
                case 0 -> out.add("\\000");
                default -> out.add(letter);
            }
        }
        out.add('"');
    }
}
