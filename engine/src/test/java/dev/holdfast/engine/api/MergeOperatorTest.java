package dev.holdfast.engine.api;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeOperatorTest {
    private static final List<Bytes> NUMBERS =
            List.of(Bytes.utf8("1"), Bytes.utf8("-7"), Bytes.utf8("40"), Bytes.utf8("0"));

    private interface Arithmetic {
        long of(long existing, long operand);
    }

    private static MergeOperator numbers(Arithmetic arithmetic) {
        return MergeOperator.oneByOne((_, existing, operand) ->
                existing == null
                        ? operand
                        : Bytes.utf8(String.valueOf(arithmetic.of(of(existing), of(operand)))));
    }

    private static long of(Bytes number) {
        return Long.parseLong(number.toUtf8());
    }

    @Test
    void shouldLetAssociativeOperatorsPass() {
        MergeOperator.requireAssociative(numbers(Long::sum), NUMBERS, 2_000, 1);
        MergeOperator.requireAssociative(numbers(Math::max), NUMBERS, 2_000, 2);
    }

    @Test
    void shouldFindOperatorsThatDependOnGroups() {
        var thrown =
                assertThrows(
                        AssertionError.class,
                        () ->
                                MergeOperator.requireAssociative(
                                        numbers((a, b) -> a - b), NUMBERS, 2_000, 3));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("not associative"));
    }

    @Test
    void shouldFindOperatorsThatTakeAFirstOperandForAValue() {
        // counts operands, but cannot tell a count from an operand
        MergeOperator count =
                (_, existing, operands) ->
                        Bytes.utf8(
                                String.valueOf(
                                        (existing == null ? 0 : of(existing)) + operands.size()));
        assertThrows(
                AssertionError.class,
                () -> MergeOperator.requireAssociative(count, NUMBERS, 2_000, 4));
    }

    @Test
    void shouldFindOperatorsThatAreNotPure() {
        var calls = new long[1];
        MergeOperator impure = (_, _, _) -> Bytes.utf8(String.valueOf(calls[0]++));
        assertThrows(
                AssertionError.class,
                () -> MergeOperator.requireAssociative(impure, NUMBERS, 10, 5));
    }
}
