package dev.holdfast.redis.script.parse;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A kind of word of Lua.
enum Token {
    AND("and"),
    BREAK("break"),
    DO("do"),
    ELSE("else"),
    ELSEIF("elseif"),
    END("end"),
    FALSE("false"),
    FOR("for"),
    FUNCTION("function"),
    IF("if"),
    IN("in"),
    LOCAL("local"),
    NIL("nil"),
    NOT("not"),
    OR("or"),
    REPEAT("repeat"),
    RETURN("return"),
    THEN("then"),
    TRUE("true"),
    UNTIL("until"),
    WHILE("while"),
    CONCAT(".."),
    DOTS("..."),
    EQ("=="),
    GE(">="),
    LE("<="),
    NE("~="),
    NUMBER("<number>"),
    NAME("<name>"),
    STRING("<string>"),
    END_OF_TEXT("<eof>"),
    PLUS("+"),
    MINUS("-"),
    STAR("*"),
    SLASH("/"),
    PERCENT("%"),
    CARET("^"),
    HASH("#"),
    LESS("<"),
    MORE(">"),
    ASSIGN("="),
    OPEN("("),
    CLOSE(")"),
    OPEN_BRACE("{"),
    CLOSE_BRACE("}"),
    OPEN_BRACKET("["),
    CLOSE_BRACKET("]"),
    SEMICOLON(";"),
    COLON(":"),
    COMMA(","),
    DOT("."),
    /// A letter that has no meaning.
    OTHER("");

    private static final Map<String, Token> BY_TEXT =
            Stream.of(values()).collect(Collectors.toMap(Token::text, Function.identity()));

    private final String text;

    Token(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /// The kind that is written `text`; null if there is none.
    static @Nullable Token of(String text) {
        return BY_TEXT.get(text);
    }

    /// True if it ends a block.
    boolean endsBlock() {
        return switch (this) {
            case ELSE, ELSEIF, END, END_OF_TEXT, UNTIL -> true;
            default -> false;
        };
    }
}
