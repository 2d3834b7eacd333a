package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Op;
import dev.holdfast.redis.script.lua.Prototype.Rest;
import dev.holdfast.redis.script.parse.Expression.Kind;
import org.jspecify.annotations.Nullable;

/// Compiles expressions. Not thread-safe.
class ExpressionParser {
    private static final int DEPTH_MAX = 200;
    private static final int GROUP = 50; // values that one instruction adds to a table

    final Lexer lexer;
    final String source;
    FunctionBuilder function;
    private int depth;

    ExpressionParser(Lexer lexer, String source) {
        this.lexer = lexer;
        this.source = source;
        this.function = new FunctionBuilder(null, lexer, source, 0);
    }

    /// What makes the body of a function.
    interface Body {
        void parse();
    }

    void enter() {
        if (DEPTH_MAX < ++depth) throw lexer.failure("chunk has too many syntax levels");
    }

    void leave() {
        depth--;
    }

    boolean accept(Token token) {
        if (lexer.token() != token) return false;
        lexer.next();
        return true;
    }

    void expect(Token token) {
        if (lexer.token() != token) throw lexer.error("'" + token.text() + "' expected");
        lexer.next();
    }

    /// What closes what was opened by `opened` on `line`.
    void expectClosing(Token token, Token opened, int line) {
        if (accept(token)) return;
        if (line == lexer.line()) throw lexer.error("'" + token.text() + "' expected");
        throw lexer.error(
                "'"
                        + token.text()
                        + "' expected (to close '"
                        + opened.text()
                        + "' at line "
                        + line
                        + ")");
    }

    LuaString name() {
        LuaString name = lexer.present().text();
        expect(Token.NAME);
        return name;
    }

    Expression expression() {
        return expression(0);
    }

    // Operators that bind more closely than `limit`.
    private Expression expression(int limit) {
        enter();
        Expression left = prefixed();
        Operator operator = Operator.of(lexer.token());
        while (operator != null && limit < operator.left) {
            int line = lexer.line();
            lexer.next();
            left = combined(operator, left, line);
            operator = Operator.of(lexer.token());
        }
        leave();
        return left;
    }

    private Expression combined(Operator operator, Expression left, int line) {
        switch (operator) {
            case AND, OR -> {
                function.intoNext(left);
                int register = left.place;
                int jump = function.emit(operator.kind, register, 0, 0);
                function.freeTo(register);
                Expression right = expression(operator.right);
                function.intoNext(right);
                function.patch(jump, function.here());
                return new Expression(Kind.REGISTER, right.place);
            }
            case CONCAT -> {
                function.intoNext(left);
                Expression right = expression(operator.right);
                function.discharge(right);
                function.concatenate(left, right, line);
                return left;
            }
            default -> {
                function.operand(left);
                Expression right = expression(operator.right);
                return operator.isSwapped()
                        ? function.infix(operator.kind, right, left, line)
                        : function.infix(operator.kind, left, right, line);
            }
        }
    }

    private Expression prefixed() {
        int kind =
                switch (lexer.token()) {
                    case NOT -> Op.NOT;
                    case MINUS -> Op.UNM;
                    case HASH -> Op.LEN;
                    default -> -1;
                };
        if (kind < 0) return simple();
        int line = lexer.line();
        lexer.next();
        Expression operand = expression(Operator.PREFIX);
        function.prefix(kind, operand);
        if (operand.kind == Kind.PENDING) function.atLine(operand.place, line);
        return operand;
    }

    private Expression simple() {
        Lexer.Word word = lexer.present();
        Expression made =
                switch (word.token()) {
                    case NUMBER -> Expression.number(word.number());
                    case STRING -> Expression.text(word.text());
                    case NIL -> new Expression(Kind.NIL, 0);
                    case TRUE -> new Expression(Kind.TRUE, 0);
                    case FALSE -> new Expression(Kind.FALSE, 0);
                    case DOTS -> rest();
                    default -> null;
                };
        if (made == null) return compound(word.token());
        lexer.next();
        return made;
    }

    private Expression compound(Token token) {
        if (token == Token.OPEN_BRACE) return table();
        if (token != Token.FUNCTION) return suffixed();
        int line = lexer.line();
        lexer.next();
        return function(null, line);
    }

    private Expression rest() {
        if (!function.keepsRest()) throw lexer.error("cannot use '...' outside a vararg function");
        return new Expression(Kind.VARARG, function.emit(Op.VARARG, 0, 1, 0));
    }

    private Expression primary() {
        switch (lexer.token()) {
            case OPEN -> {
                int line = lexer.line();
                lexer.next();
                Expression inner = expression();
                expectClosing(Token.CLOSE, Token.OPEN, line);
                function.discharge(inner);
                return inner;
            }
            case NAME -> {
                return function.variable(name());
            }
            default -> throw lexer.error("unexpected symbol");
        }
    }

    /// A variable, a field, a call, or a chain of these.
    Expression suffixed() {
        Expression expression = primary();
        while (true) {
            switch (lexer.token()) {
                case DOT -> {
                    function.intoAny(expression);
                    lexer.next();
                    function.index(expression, Expression.text(name()));
                }
                case OPEN_BRACKET -> {
                    function.intoAny(expression);
                    lexer.next();
                    Expression key = expression();
                    function.discharge(key);
                    expect(Token.CLOSE_BRACKET);
                    function.index(expression, key);
                }
                case COLON -> {
                    lexer.next();
                    function.method(expression, Expression.text(name()));
                    call(expression);
                }
                case OPEN, STRING, OPEN_BRACE -> {
                    function.intoNext(expression);
                    call(expression);
                }
                default -> {
                    return expression;
                }
            }
        }
    }

    private void call(Expression callee) {
        int base = callee.place;
        int line = lexer.line();
        Expression last =
                switch (lexer.token()) {
                    case OPEN -> arguments(line);
                    case OPEN_BRACE -> table();
                    case STRING -> {
                        Expression text = Expression.text(lexer.present().text());
                        lexer.next();
                        yield text;
                    }
                    default -> throw lexer.error("function arguments expected");
                };
        int count = -1;
        if (last != null && last.isOpen()) function.open(last, -1);
        else {
            if (last != null) function.intoNext(last);
            count = function.free() - base - 1;
        }
        function.atLine(function.call(callee, base, count), line);
    }

    private @Nullable Expression arguments(int line) {
        if (line != lexer.lastLine())
            throw lexer.error("ambiguous syntax (function call x new statement)");
        lexer.next();
        if (accept(Token.CLOSE)) return null;
        Expression last = list().last;
        expectClosing(Token.CLOSE, Token.OPEN, line);
        return last;
    }

    /// Expressions in a row: all but the last are in registers.
    record Listed(int count, Expression last) {}

    Listed list() {
        int count = 1;
        Expression last = expression();
        while (accept(Token.COMMA)) {
            function.intoNext(last);
            last = expression();
            count++;
        }
        return new Listed(count, last);
    }

    private Expression table() {
        int line = lexer.line();
        int at = function.emit(Op.NEWTABLE, 0, 0, 0);
        var table = new Expression(Kind.PENDING, at);
        function.intoNext(table);
        int register = table.place;
        expect(Token.OPEN_BRACE);
        int listed = 0;
        int named = 0;
        Expression pending = null;
        while (lexer.token() != Token.CLOSE_BRACE) {
            if (pending != null) {
                function.intoNext(pending);
                pending = null;
                if (listed % GROUP == 0) flush(register, GROUP, listed);
            }
            boolean isNamed = lexer.token() == Token.NAME && lexer.peek() == Token.ASSIGN;
            if (isNamed || lexer.token() == Token.OPEN_BRACKET) {
                field(register);
                named++;
            } else {
                pending = expression();
                listed++;
            }
            if (!accept(Token.COMMA) && !accept(Token.SEMICOLON)) break;
        }
        expectClosing(Token.CLOSE_BRACE, Token.OPEN_BRACE, line);
        int counted = finish(register, pending, listed);
        function.sizeTable(at, counted, named);
        return table;
    }

    private void flush(int register, int count, int listed) {
        function.emit(Op.SETLIST, register, count, (listed - 1) / GROUP);
        function.freeTo(register + 1);
    }

    // Stores what is left, and returns how many values are known to come in a row.
    private int finish(int register, @Nullable Expression pending, int listed) {
        if (pending == null) {
            int left = listed % GROUP;
            if (0 < left) flush(register, left, listed);
            return listed;
        }
        if (pending.isOpen()) {
            function.open(pending, -1);
            flush(register, -1, listed);
            return listed - 1;
        }
        function.intoNext(pending);
        flush(register, (listed - 1) % GROUP + 1, listed);
        return listed;
    }

    private void field(int register) {
        int before = function.free();
        Expression key;
        if (lexer.token() == Token.NAME) key = Expression.text(name());
        else {
            lexer.next();
            key = expression();
            function.discharge(key);
            expect(Token.CLOSE_BRACKET);
        }
        int place = function.operand(key);
        expect(Token.ASSIGN);
        int value = function.operand(expression());
        function.emit(Op.SETTABLE, register, place, value);
        function.freeTo(before);
    }

    /// A function from its parameters on.
    ///
    /// @param self the name of a parameter that comes before the others
    Expression function(@Nullable String self, int line) {
        var outer = function;
        function = new FunctionBuilder(outer, lexer, source, line);
        function.enterBlock();
        if (self != null) function.declare(self);
        expect(Token.OPEN);
        parameters();
        expect(Token.CLOSE);
        function.reserve(function.localCount());
        body().parse();
        int endLine = lexer.line();
        expectClosing(Token.END, Token.FUNCTION, line);
        function.atEnd(endLine);
        function.leaveBlock();
        var prototype = function.build();
        function = outer;
        int at = function.emit(Op.CLOSURE, 0, function.addChild(prototype), 0);
        return new Expression(Kind.PENDING, at);
    }

    /// What compiles the statements of a function.
    Body body() {
        throw new IllegalStateException("expressions alone have no body");
    }

    private void parameters() {
        var rest = Rest.DROPPED;
        if (lexer.token() != Token.CLOSE) {
            do {
                if (accept(Token.DOTS)) {
                    rest = Rest.KEPT;
                    break;
                }
                if (lexer.token() != Token.NAME) throw lexer.error("<name> or '...' expected");
                function.declare(name().text());
            } while (accept(Token.COMMA));
        }
        function.params(function.localCount(), rest);
    }
}
