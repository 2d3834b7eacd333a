package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Op;
import dev.holdfast.redis.script.lua.Prototype;
import dev.holdfast.redis.script.lua.Prototype.Rest;
import dev.holdfast.redis.script.parse.Expression.Kind;
import java.util.ArrayList;
import java.util.List;

/// Compiles statements. Not thread-safe.
final class StatementParser extends ExpressionParser {
    StatementParser(Lexer lexer, String source) {
        super(lexer, source);
    }

    Prototype chunk() {
        function.params(0, Rest.KEPT);
        function.enterBlock();
        statements();
        if (lexer.token() != Token.END_OF_TEXT) throw lexer.error("'<eof>' expected");
        function.leaveBlock();
        return function.build();
    }

    @Override
    Body body() {
        return this::statements;
    }

    private void statements() {
        enter();
        boolean isLast = false;
        while (!isLast && !lexer.token().endsBlock()) {
            isLast = lexer.token() == Token.RETURN || lexer.token() == Token.BREAK;
            statement();
            accept(Token.SEMICOLON);
            function.releaseAll();
        }
        leave();
    }

    private void block() {
        function.enterBlock();
        statements();
        function.leaveBlock();
    }

    private void statement() {
        int line = lexer.line();
        switch (lexer.token()) {
            case IF -> ifThen(line);
            case WHILE -> whileDo(line);
            case DO -> {
                lexer.next();
                block();
                expectClosing(Token.END, Token.DO, line);
            }
            case FOR -> forDo(line);
            case REPEAT -> repeatUntil(line);
            case FUNCTION -> functionStatement(line);
            case LOCAL -> {
                lexer.next();
                if (accept(Token.FUNCTION)) localFunction();
                else local();
            }
            case RETURN -> returnStatement();
            case BREAK -> {
                lexer.next();
                function.leaveLoop();
            }
            default -> expressionStatement();
        }
    }

    // A jump that is taken unless the condition holds.
    private int condition() {
        Expression condition = expression();
        int register = function.intoAny(condition);
        int jump = function.emit(Op.JMPIFNOT, register, 0, 0);
        function.releaseAll();
        return jump;
    }

    private void ifThen(int line) {
        List<Integer> escapes = new ArrayList<>();
        lexer.next();
        int otherwise = clause();
        while (lexer.token() == Token.ELSEIF) {
            escapes.add(function.emit(Op.JMP, 0, 0, 0));
            function.patch(otherwise, function.here());
            lexer.next();
            otherwise = clause();
        }
        if (lexer.token() == Token.ELSE) {
            escapes.add(function.emit(Op.JMP, 0, 0, 0));
            function.patch(otherwise, function.here());
            lexer.next();
            block();
        } else function.patch(otherwise, function.here());
        function.patchHere(escapes);
        expectClosing(Token.END, Token.IF, line);
    }

    private int clause() {
        int otherwise = condition();
        expect(Token.THEN);
        block();
        return otherwise;
    }

    private void whileDo(int line) {
        lexer.next();
        int start = function.here();
        int exit = condition();
        function.enterLoop();
        expect(Token.DO);
        block();
        function.emit(Op.JMP, 0, start, 0);
        expectClosing(Token.END, Token.WHILE, line);
        List<Integer> breaks = function.leaveBlock();
        function.patch(exit, function.here());
        function.patchHere(breaks);
    }

    private void repeatUntil(int line) {
        int start = function.here();
        function.enterLoop();
        function.enterBlock();
        lexer.next();
        statements();
        expectClosing(Token.UNTIL, Token.REPEAT, line);
        int again = condition();
        FunctionBuilder.Block scope = function.block();
        if (scope.isCaptured) {
            function.leaveLoop();
            function.patch(again, function.here());
            function.leaveBlock();
            function.emit(Op.JMP, 0, start, 0);
        } else {
            function.leaveBlock();
            function.patch(again, start);
        }
        function.patchHere(function.leaveBlock());
    }

    private void forDo(int line) {
        function.enterLoop();
        lexer.next();
        LuaString first = name();
        switch (lexer.token()) {
            case ASSIGN -> countingLoop(first, line);
            case COMMA, IN -> walkingLoop(first, line);
            default -> throw lexer.error("'=' or 'in' expected");
        }
        expectClosing(Token.END, Token.FOR, line);
        function.patchHere(function.leaveBlock());
    }

    private void countingLoop(LuaString variable, int line) {
        int base = function.free();
        lexer.next();
        function.intoNext(expression());
        expect(Token.COMMA);
        function.intoNext(expression());
        if (accept(Token.COMMA)) function.intoNext(expression());
        else function.intoNext(Expression.number(1));
        function.declare("(for index)");
        function.declare("(for limit)");
        function.declare("(for step)");
        expect(Token.DO);
        int before = function.emit(Op.FORPREP, base, 0, 0);
        loopBody(List.of(variable));
        function.patch(before, function.here());
        function.atLine(function.emit(Op.FORLOOP, base, before + 1, 0), line);
    }

    private void walkingLoop(LuaString first, int line) {
        int base = function.free();
        List<LuaString> variables = new ArrayList<>(List.of(first));
        while (accept(Token.COMMA)) variables.add(name());
        expect(Token.IN);
        int expressionLine = lexer.line();
        adjust(3, list());
        function.freeTo(base + 3);
        function.declare("(for generator)");
        function.declare("(for state)");
        function.declare("(for control)");
        function.reserve(3);
        function.freeTo(base + 3);
        expect(Token.DO);
        int before = function.emit(Op.JMP, 0, 0, 0);
        loopBody(variables);
        function.patch(before, function.here());
        int at = function.emit(Op.TFORLOOP, base, before + 1, variables.size());
        function.atLine(at, expressionLine == line ? line : expressionLine);
    }

    private void loopBody(List<LuaString> variables) {
        function.enterBlock();
        for (LuaString variable : variables) function.declare(variable.text());
        function.reserve(variables.size());
        block();
        function.leaveBlock();
    }

    private void functionStatement(int line) {
        lexer.next();
        Expression target = function.variable(name());
        String self = null;
        while (lexer.token() == Token.DOT) {
            function.intoAny(target);
            lexer.next();
            function.index(target, Expression.text(name()));
        }
        if (accept(Token.COLON)) {
            function.intoAny(target);
            function.index(target, Expression.text(name()));
            self = "self";
        }
        Expression body = function(self, line);
        function.store(target, body);
        function.atLine(function.here() - 1, line);
    }

    private void localFunction() {
        int register = function.free();
        function.declare(name().text());
        function.reserve(1);
        Expression body = function(null, lexer.line());
        function.into(body, register);
    }

    private void local() {
        List<LuaString> names = new ArrayList<>();
        do names.add(name());
        while (accept(Token.COMMA));
        if (accept(Token.ASSIGN)) adjust(names.size(), list());
        else adjust(names.size(), new Listed(0, new Expression(Kind.VOID, 0)));
        for (LuaString name : names) function.declare(name.text());
    }

    // Has just `wanted` values lie in registers.
    private void adjust(int wanted, Listed listed) {
        int missing = wanted - listed.count();
        Expression last = listed.last();
        if (last.isOpen()) {
            int open = Math.max(0, missing + 1);
            function.open(last, open);
            if (1 < open) function.reserve(open - 1);
            return;
        }
        if (last.kind != Kind.VOID) function.intoNext(last);
        if (missing <= 0) return;
        int register = function.free();
        function.reserve(missing);
        function.emit(Op.LOADNIL, register, register + missing - 1, 0);
    }

    private void returnStatement() {
        lexer.next();
        int count = 0;
        int first = function.localCount();
        if (!lexer.token().endsBlock() && lexer.token() != Token.SEMICOLON) {
            Listed listed = list();
            Expression last = listed.last();
            count = listed.count();
            if (last.isOpen()) {
                boolean isTail = last.kind == Kind.CALL && count == 1;
                function.open(last, -1);
                if (isTail) function.makeTailCall(last);
                count = -1;
            } else if (count == 1) first = function.intoAny(last);
            else function.intoNext(last);
        }
        function.emit(Op.RETURN, first, count, 0);
    }

    private void expressionStatement() {
        Expression first = suffixed();
        if (first.kind == Kind.CALL) function.open(first, 0);
        else assign(first);
    }

    private void assign(Expression first) {
        List<Expression> targets = new ArrayList<>();
        targets.add(assignable(first));
        while (accept(Token.COMMA)) {
            Expression target = suffixed();
            if (target.kind == Kind.LOCAL) saveFrom(target, targets);
            targets.add(assignable(target));
            if (200 < targets.size()) throw lexer.failure("variables in assignment overflow");
        }
        expect(Token.ASSIGN);
        Listed listed = list();
        int left = targets.size();
        if (listed.count() == left) {
            Expression last = listed.last();
            function.closeToOne(last);
            function.store(targets.get(--left), last);
        } else {
            int before = function.free();
            adjust(left, listed);
            int extra = listed.count() - left;
            if (0 < extra) function.freeTo(function.free() - extra);
            assert before <= function.free() + extra + 1;
        }
        while (0 < left) {
            var value = new Expression(Kind.REGISTER, function.free() - 1);
            function.store(targets.get(--left), value);
        }
    }

    private Expression assignable(Expression target) {
        return switch (target.kind) {
            case LOCAL, UPVALUE, GLOBAL, INDEXED -> target;
            default -> throw lexer.error("syntax error");
        };
    }

    // A variable that is about to change, and that earlier targets are found by, is copied.
    private void saveFrom(Expression variable, List<Expression> targets) {
        int copy = function.free();
        boolean isUsed = false;
        for (Expression target : targets) {
            if (target.kind != Kind.INDEXED) continue;
            if (target.place == variable.place) {
                target.place = copy;
                isUsed = true;
            }
            if (target.key == variable.place) {
                target.key = copy;
                isUsed = true;
            }
        }
        if (!isUsed) return;
        function.emit(Op.MOVE, copy, variable.place, 0);
        function.reserve(1);
    }
}
